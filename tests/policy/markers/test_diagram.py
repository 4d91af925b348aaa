from keyrack.policy.markers.diagram import FALSE, TRUE, along, node, opposite, rebuilt, switch
from keyrack.policy.markers.variables import extra, string


def test_the_same_content_is_the_same_object():
    first = along(string("os_name"), ((("nt", 0), ("nt", 1)),))

    assert first is along(string("os_name"), ((("nt", 0), ("nt", 1)),))


def test_a_question_with_one_answer_is_not_asked():
    assert TRUE is node(extra("a"), ((1, 0),), (TRUE, TRUE))


def test_neighbours_with_one_answer_are_united():
    cuts = (("a", 0), ("b", 0), ("c", 0))

    assert node(string("os_name"), cuts[1:], (TRUE, FALSE, TRUE)) is node(
        string("os_name"), cuts, (TRUE, TRUE, FALSE, TRUE)
    )


def test_an_interval_without_an_end_needs_one_cut():
    assert 1 == len(along(string("os_name"), ((None, ("nt", 0)),)).cuts)


def test_a_value_leads_to_the_child_of_its_interval():
    here = along(string("os_name"), ((("nt", 0), ("nt", 1)),))

    assert (FALSE, TRUE, FALSE) == (here.child("mt"), here.child("nt"), here.child("ntx"))


def test_the_opposite_of_the_opposite_is_the_same_object():
    here = switch(extra("a"), on=False)

    assert here is opposite(opposite(here))
    assert switch(extra("a")) is opposite(here)


def test_an_end_is_rebuilt_as_it_is():
    assert TRUE is rebuilt(TRUE, lambda here, _: here, {})
