"""What the text guard refuses, warns about and hints at, told by the people of the scenarios."""

import pytest

from enquiry.kernel.textguard import (
    Descriptor,
    Finding,
    Guard,
    Person,
    Profile,
    Roster,
    word_lists,
)

BECK_ROAD = Roster(
    people=(
        Person("kelly", "Kelly Rowe", "host", title="Ms", email="krowe@beckroad.example"),
        Person("declan", "Declan Moss", "host"),
        Person("anya", "Anya Fields", "host"),
        Person("petra", "Petra Novák"),
        Person("b", "Maisie", "pupil"),
    ),
    rooms=("B4", "B7", "B9", "14"),
    classes=("3R", "5M", "6F"),
    labels=("A", "B", "C"),
)
CARRICK = Roster(
    people=(
        Person("v1", "Mr Patel", "host"),
        Person("v2", "Ms O'Brien", "host"),
        Person("v3", "Mr Young", "host"),
        Person("v4", "Mrs Abara", "host"),
    ),
    rooms=("M12", "S3", "H5", "E2"),
    descriptors=(
        Descriptor("Y9", 2),
        Descriptor("Y8", 1),
        Descriptor("Y10", 1),
        Descriptor("maths", 1),
        Descriptor("English", 1),
    ),
)
BECK = Guard(BECK_ROAD, word_lists("en-GB"))
CARR = Guard(CARRICK, word_lists("en-GB"))
SHARED: tuple[Profile, ...] = (
    "notes_shared",
    "cards",
    "patterns",
    "outcomes",
    "contributions",
    "reports",
)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in findings]


def spans(guard: Guard, text: str) -> list[str]:
    return [one.span for one in guard.examine(text, "cards").rejected]


# The scenarios


def test_tom_may_not_name_ms_rowe_and_is_shown_his_own_two_words():
    found = BECK.examine("Ms Rowe had ticked 9 of 12 responses", "notes_shared")
    assert found.rejected == (
        Finding("IDENTIFYING_TEXT", "reject", 0, 7, "Ms Rowe", "title_and_name"),
    )


def test_amina_may_judge_and_is_warned():
    found = BECK.examine("Excellent use of response time", "notes_shared")
    assert found.rejected == ()
    assert codes(found.warned) == ["EVALUATIVE_LANGUAGE"]


def test_hamish_hears_that_pupils_are_not_asked_about_a_teacher():
    found = BECK.examine(
        '"Sir always tells us what to fix."', "notes_shared", verbatim=True, about="pupil_said"
    )
    assert found.rejected == ()
    assert [(one.code, one.span) for one in found.warned] == [("PUPIL_ASKED_ABOUT_TEACHER", "Sir")]


def test_grace_may_not_say_which_room():
    found = CARR.examine("Pupils in M12 copied three examples", "cards")
    assert [(one.span, one.why) for one in found.rejected] == [("M12", "room_code")]


def test_young_people_may_be_mr_young_and_are_only_warned_about():
    text = "Young people in the room asked no question about the method"
    found = CARR.examine(text, "cards")
    assert found.rejected == ()
    assert [(one.code, one.span) for one in found.warned] == [("MAY_IDENTIFY", "Young")]


def test_kelly_may_not_write_a_pupils_real_name():
    found = BECK.examine("Maisie wrote 1/2 = 2/4 twice", "contributions")
    assert [(one.span, one.why) for one in found.rejected] == [("Maisie", "first_name")]


@pytest.mark.parametrize(
    "text",
    [
        "Pupils copied three worked examples; 22 of 27 wrote no step of their own in the first"
        " 14 minutes",
        "The teacher solved one problem aloud, naming each decision; 4 pupils noted the decisions",
        "Tasks ask for completion more often than for explanation",
        "Pupils can repeat the feedback; fewer can say why it helps",
    ],
)
@pytest.mark.parametrize("guard", [BECK, CARR])
def test_descriptions_pass_without_a_word(guard: Guard, text: str):
    assert guard.examine(text, "cards").found == ()


# Profiles


@pytest.mark.parametrize("profile", SHARED)
def test_names_are_refused_wherever_others_will_read(profile: Profile):
    found = BECK.examine("Kelly was excellent", profile)
    assert codes(found.rejected) == ["IDENTIFYING_TEXT"]
    assert codes(found.warned) == ["EVALUATIVE_LANGUAGE"]
    assert found.profile == profile


def test_own_notes_are_never_refused_and_only_hinted_at():
    found = CARR.examine("Mr Patel and Young were excellent in Y8, M12", "private")
    assert [(one.code, one.weight) for one in found.found] == [
        ("EVALUATIVE_LANGUAGE", "hint"),
        ("NARROWING_TEXT", "hint"),
    ]
    assert found.rejected == found.warned == ()


# Codes


def test_a_number_is_a_room_only_right_after_a_word_for_a_place():
    assert spans(BECK, "14 of 27 in room 14, then rm. no. 14 and lab #14") == [
        "room 14",
        "rm. no. 14",
        "lab #14",
    ]
    assert spans(BECK, "In a class of 14, the room had 14 chairs") == []


def test_a_school_has_words_of_its_own_for_places():
    pods = Guard(Roster(rooms=("14",), places=("igloo",)), word_lists("en"))
    assert spans(pods, "In igloo 14 and igloo14 they wrote") == ["igloo 14", "igloo14"]


def test_pupil_b_may_do_something_four_times():
    assert spans(BECK, "Pupil B 4 times wrote a half") == []
    assert spans(BECK, "Pupils in B-4 and room B 4 wrote") == ["B-4", "room B 4"]


def test_a_class_of_one_letter_needs_a_place_word():
    guard = Guard(Roster(classes=("A",)), word_lists("en"))
    assert spans(guard, "A pupil and Pupil A in class A") == ["class A"]


def test_five_metres_may_be_class_5m():
    found = BECK.examine("They walked 5m", "cards")
    assert [(one.code, one.why) for one in found.warned] == [("MAY_IDENTIFY", "code_or_word")]


def test_initials_count_in_capitals_and_longer_ones_in_any_case():
    guard = Guard(Roster(initials=("KR", "KRO", "PE")), word_lists("en"))
    assert spans(guard, "KR, K.R., kr; KRO, kro") == ["KR", "K.R", "KRO", "kro"]
    found = guard.examine("PE kit was on the floor", "cards")
    assert codes(found.found) == ["MAY_IDENTIFY"]


def test_every_address_leads_to_a_person_and_so_does_its_first_half():
    text = "Write to krowe or d@elsewhere.example. Then stop."
    assert spans(BECK, text) == ["krowe", "d@elsewhere.example"]


def test_an_office_mailbox_and_a_plain_first_name_before_the_at_are_not_names():
    people = (
        Person("1", "Petra Novák", email="petra@beckroad.example"),
        Person("2", "Judith Crane", email="head@beckroad.example"),
    )
    guard = Guard(Roster(people), word_lists("en"))
    assert spans(guard, "The head and petra wrote it on a head") == []


def test_a_short_mailbox_and_a_number_are_not_names():
    people = (Person("1", "Ann Wu", email="kr@b.example"), Person("2", "Bo Li", email="1234@b.ex"))
    guard = Guard(Roster(people), word_lists("en"))
    assert spans(guard, "kr has 1234") == []


def test_pages_one_to_four_are_not_room_fourteen():
    assert spans(BECK, "In class 1-4 of them wrote; in class 1.4 too") == []


def test_a_phrase_does_not_go_on_in_the_next_sentence():
    assert CARR.examine("The clock worked. Well, said a pupil", "cards").found == ()
    assert codes(CARR.examine("The clock worked well", "cards").found) == ["EVALUATIVE_LANGUAGE"]


# Narrowing


def test_a_year_group_narrows_down_when_one_visited_room_has_it():
    found = CARR.examine("Y8 and Year 9 pupils; yr10; Mathematics", "cards")
    assert [(one.code, one.span) for one in found.found] == [
        ("NARROWING_TEXT", "Y8"),
        ("NARROWING_TEXT", "yr10"),
        ("NARROWING_TEXT", "Mathematics"),
    ]


# Quotations


def test_a_literal_quotation_may_judge_and_guess_but_not_identify_or_narrow():
    text = '"Mr Patel is good because they wanted to in Y8" was good'
    found = CARR.examine(text, "cards", verbatim=True).found
    assert [(one.code, one.span) for one in found] == [
        ("IDENTIFYING_TEXT", "Mr Patel"),
        ("NARROWING_TEXT", "Y8"),
        ("EVALUATIVE_LANGUAGE", "good"),
    ]
    assert found[-1].start == text.rindex("good")


def test_without_the_authors_word_a_quotation_is_judged_like_any_text():
    assert codes(CARR.examine('"It was good"', "cards").warned) == ["EVALUATIVE_LANGUAGE"]


@pytest.mark.parametrize(
    "quoted",
    ['"good"', "“good”", "„good“", "«good»", "‘good’", "'good'", "「good」", "‹good›", "”good”"],
)
def test_every_kind_of_quotation_mark_counts(quoted: str):
    assert CARR.examine(f"A pupil: {quoted}.", "cards", verbatim=True).found == ()


def test_an_apostrophe_opens_no_quotation():
    text = "The pupils' work was good, the teachers' too"
    assert codes(CARR.examine(text, "cards", verbatim=True).found) == ["EVALUATIVE_LANGUAGE"]


# Hints


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("The teacher walked between tables", "The teacher"),
        ("Teacher walked between tables", "Teacher"),
        ("Then the teacher walked between tables", "the teacher"),
        ("Miss asked who was done", "Miss"),
        ("Sir asked who was done", "Sir"),
        ("Mrs Abara asked who was done", "Mrs Abara"),
        ("Mr Elsewhere asked who was done", "Mr Elsewhere"),
    ],
)
def test_an_observation_that_starts_from_the_teacher_gets_a_hint(text: str, span: str):
    found = BECK.examine(text, "contributions", about="observation").found
    hints = [one.span for one in found if one.code == "TEACHER_FOCUSED_OBSERVATION"]
    assert hints == [span]
    assert all(one.weight == "warn" for one in found if one.span == span)


@pytest.mark.parametrize(
    "text",
    [
        "The teacher asked B, who wrote 2/4",
        "The teacher asked pupil A",
        "C looked up when the teacher spoke",
        "Pupils asked the teacher",
        "Folded in four, coloured two parts",
        "",
    ],
)
def test_an_observation_of_a_pupil_gets_none(text: str):
    found = BECK.examine(text, "contributions", about="observation").found
    assert "TEACHER_FOCUSED_OBSERVATION" not in codes(found)


@pytest.mark.parametrize(
    ("text", "hinted"),
    [
        ('"Our teacher says so"', True),
        ('"Teachers say so"', True),
        ('"Miss says so"', True),
        ('"sir says so"', True),
        ('"I miss the old book"', False),
        ('"I had to add a reason"', False),
    ],
)
def test_what_a_pupil_says_about_a_teacher_gets_a_hint(text: str, hinted: bool):
    found = BECK.examine(text, "notes_shared", verbatim=True, about="pupil_said").found
    assert codes(found) == ["PUPIL_ASKED_ABOUT_TEACHER"] * hinted


def test_hints_are_given_only_where_they_are_asked_for():
    assert BECK.examine("Sir: the teacher walked", "notes_shared").found == ()
