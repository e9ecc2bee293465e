import pytest

from benchmarks.strays import labelled
from messaging.screening.keyword_rules import shipped_clues
from messaging.screening.topics import (
    AGAINST,
    HELPS,
    LONGEST_WORD,
    MAYBE,
    MOST_WORDS,
    NO_SLIPS,
    SURE,
    Clue,
    Clues,
    guess,
    mutations,
    one_slip,
    words_of,
)

COAT = [Clue("lost", MAYBE, "coat"), Clue("lost", MAYBE, "cant find"), Clue("lost", HELPS, "school")]


def test_telephone_style_accents_and_capitals_make_no_difference():
    assert words_of("He WON’T b in 2day plz") == ["he", "wont", "be", "in", "today", "please"]
    assert words_of("Mae’n sâl, tôst!") == ["maen", "sal", "tost"]


def test_a_sure_clue_is_enough_alone():
    assert guess("Our packed lunch again", [Clue("dinners", SURE, "packed lunch")]).about == "dinners"


def test_one_word_that_may_be_is_not_enough():
    assert guess("What a lovely coat", COAT) is None


@pytest.mark.parametrize("text", ["We cant find his coat", "His coat is at school"])
def test_two_that_may_be_or_one_with_help_are_enough(text):
    assert guess(text, COAT).about == "lost"


def test_help_alone_is_none():
    assert guess("See you at school", COAT) is None


def test_no_word_counts_twice():
    clues = [Clue("clubs", MAYBE, "club"), Clue("clubs", MAYBE, "chess club"), Clue("clubs", MAYBE, "clubs")]
    assert guess("He talks of chess club", clues) is None


def test_what_speaks_against_takes_its_words_with_it():
    clues = [Clue("urgent", SURE, "urgent"), Clue("urgent", AGAINST, "not urgent")]
    assert guess("This is urgent", clues).about == "urgent"
    assert guess("This is not urgent", clues) is None


def test_a_clue_against_all_speaks_against_every_topic():
    clues = [Clue("lost", SURE, "coat"), Clue("", AGAINST, "thank you for")]
    assert guess("Thank you for the coat", clues) is None


def test_the_topic_with_most_behind_it_is_guessed():
    clues = [Clue("lost", SURE, "bag"), Clue("urgent", SURE, "now"), Clue("urgent", MAYBE, "ring me")]
    assert guess("Ring me now about the bag", clues).about == "urgent"


@pytest.mark.parametrize("text", ["wont be in school", "wont be at all in school", "wont school"])
def test_three_dots_stand_for_at_most_four_words(text):
    clue = [Clue("absence", SURE, "wont ... school")]
    assert guess(text, clue)
    assert guess("wont one two three four five school", clue) is None


def test_a_star_goes_on():
    assert guess("She vomited", [Clue("absence", SURE, "vomit*")])
    assert guess("She vomited", [Clue("absence", SURE, "vomit")]) is None


@pytest.mark.parametrize("slip", ["tonsilitis", "tonsilllitis", "tosnillitis", "tonsillitus", "tonsillitis"])
def test_one_slip_in_a_long_word_is_forgiven(slip):
    assert guess(slip, [Clue("absence", SURE, "tonsillitis")])


def test_no_slip_in_a_short_word_or_in_a_word_of_its_own():
    assert guess("a cost", [Clue("lost", SURE, "coat")]) is None
    assert guess("so pleased", [Clue("urgent", SURE, "please")]) is None
    assert not one_slip("fever", "never") and not one_slip("abcdef", "abdcfe")


def test_a_welsh_word_is_found_in_its_mutations():
    assert set(mutations("cinio")) == {"cinio", "ginio", "nghinio", "chinio"}
    assert set(mutations("pecyn")) >= {"becyn", "mhecyn", "phecyn"}
    assert mutations("llyfr") == ("llyfr", "lyfr") and mutations("ffliw") == ("ffliw",)
    assert guess("Beth sydd i ginio?", [Clue("dinners", SURE, "cinio", welsh=True)])
    assert guess("Beth sydd i ginio?", [Clue("dinners", SURE, "cinio")]) is None


def test_a_short_mutation_that_stands_alone_is_left_to_english():
    assert guess("He got a badge", [Clue("lost", SURE, "cot", welsh=True)]) is None


@pytest.mark.parametrize("text", ["", "   ", "😀" * 5000, "\u202e", "a" * 100_000, "... * ...", "٣" * 50])
def test_nothing_to_read_is_nothing_to_guess(text):
    assert guess(text, COAT) is None


@pytest.mark.parametrize("pattern", ["", "...", "*", "!!!"])
def test_a_clue_without_a_letter_finds_nothing(pattern):
    assert guess("anything at all ... *", [Clue("lost", SURE, pattern)]) is None


def looks_like(word: str, form: str) -> bool:
    return word == form or (len(form) >= 6 and word not in NO_SLIPS and one_slip(word, form))


def test_many_clues_find_what_each_of_them_finds_alone():
    """Every shipped clue of one word against every word of the labelled messages, slips and stars included."""
    single = [
        Clue(about, weight, words)
        for (about, language, words), weight in shipped_clues().items()
        if language == "en" and words.isascii() and words.replace("*", "").isalpha()
    ]
    forms = [(words_of(clue.pattern)[0], clue.pattern.endswith("*")) for clue in single]
    ready, said = Clues(single), {word for row in labelled() for word in words_of(row.text)}
    assert len(single) > 100 and len(said) > 500
    for word in said:
        expected = [
            clue
            for clue, (form, goes_on) in zip(single, forms, strict=True)
            if (word.startswith(form) if goes_on else looks_like(word, form))
        ]
        if word == words_of(word)[0]:
            assert [clue for clue, _spots in ready.found_in(word)] == expected, word


@pytest.mark.parametrize("text", ["㎉" * 4960 + " off sick", "ﷺ" * 4999, "a" * 5000, "z " * 2500])
def test_A46_a_text_becomes_few_words_of_few_letters(text):
    """What a guess costs follows from them: one string for each letter of a word."""
    words = words_of(text)
    assert len(words) <= MOST_WORDS and max(map(len, words), default=0) <= LONGEST_WORD
    assert sum(map(len, words)) <= MOST_WORDS * LONGEST_WORD


def test_a_word_of_forty_letters_is_one_and_a_longer_one_is_none():
    assert words_of("a" + "bc" * 19 + "d off") == ["a" + "bc" * 19 + "d", "off"]
    assert words_of("a" + "bc" * 20 + " off") == ["off"]
