import pytest

from benchmarks.misdirected import labelled
from messaging.screening.keyword_rules import shipped_keyword_rules
from messaging.screening.matching import LONGEST_WORD, MAX_TOKENS, differs_by_one, is_typo, tokens_of
from messaging.screening.topics import (
    AGAINST,
    HELPS,
    MAYBE,
    SURE,
    KeywordRule,
    KeywordRules,
    classify,
    mutations,
)

COAT = [
    KeywordRule("lost", MAYBE, "coat"),
    KeywordRule("lost", MAYBE, "cant find"),
    KeywordRule("lost", HELPS, "school"),
]


def test_telephone_style_accents_and_capitals_make_no_difference():
    assert tokens_of("He WON’T b in 2day plz") == ["he", "wont", "be", "in", "today", "please"]
    assert tokens_of("Mae’n sâl, tôst!") == ["maen", "sal", "tost"]


def test_a_sure_keyword_rule_is_enough_alone():
    assert (
        classify("Our packed lunch again", [KeywordRule("dinners", SURE, "packed lunch")]).about == "dinners"
    )


def test_one_word_that_may_be_is_not_enough():
    assert classify("What a lovely coat", COAT) is None


@pytest.mark.parametrize("text", ["We cant find his coat", "His coat is at school"])
def test_two_that_may_be_or_one_with_help_are_enough(text):
    assert classify(text, COAT).about == "lost"


def test_help_alone_is_none():
    assert classify("See you at school", COAT) is None


def test_no_word_counts_twice():
    keyword_rules = [
        KeywordRule("clubs", MAYBE, "club"),
        KeywordRule("clubs", MAYBE, "chess club"),
        KeywordRule("clubs", MAYBE, "clubs"),
    ]
    assert classify("He talks of chess club", keyword_rules) is None


def test_what_speaks_against_takes_its_words_with_it():
    keyword_rules = [KeywordRule("urgent", SURE, "urgent"), KeywordRule("urgent", AGAINST, "not urgent")]
    assert classify("This is urgent", keyword_rules).about == "urgent"
    assert classify("This is not urgent", keyword_rules) is None


def test_a_keyword_rule_against_all_speaks_against_every_topic():
    keyword_rules = [KeywordRule("lost", SURE, "coat"), KeywordRule("", AGAINST, "thank you for")]
    assert classify("Thank you for the coat", keyword_rules) is None


def test_the_topic_with_the_highest_score_wins():
    keyword_rules = [
        KeywordRule("lost", SURE, "bag"),
        KeywordRule("urgent", SURE, "now"),
        KeywordRule("urgent", MAYBE, "ring me"),
    ]
    assert classify("Ring me now about the bag", keyword_rules).about == "urgent"


@pytest.mark.parametrize("text", ["wont be in school", "wont be at all in school", "wont school"])
def test_three_dots_stand_for_at_most_four_words(text):
    keyword_rule = [KeywordRule("absence", SURE, "wont ... school")]
    assert classify(text, keyword_rule)
    assert classify("wont one two three four five school", keyword_rule) is None


def test_a_star_goes_on():
    assert classify("She vomited", [KeywordRule("absence", SURE, "vomit*")])
    assert classify("She vomited", [KeywordRule("absence", SURE, "vomit")]) is None


@pytest.mark.parametrize("slip", ["tonsilitis", "tonsilllitis", "tosnillitis", "tonsillitus", "tonsillitis"])
def test_one_slip_in_a_long_word_is_forgiven(slip):
    assert classify(slip, [KeywordRule("absence", SURE, "tonsillitis")])


def test_no_slip_in_a_short_word_or_in_a_word_of_its_own():
    assert classify("a cost", [KeywordRule("lost", SURE, "coat")]) is None
    assert classify("so pleased", [KeywordRule("urgent", SURE, "please")]) is None
    assert not differs_by_one("fever", "never") and not differs_by_one("abcdef", "abdcfe")


def test_a_welsh_word_is_found_in_its_mutations():
    assert set(mutations("cinio")) == {"cinio", "ginio", "nghinio", "chinio"}
    assert set(mutations("pecyn")) >= {"becyn", "mhecyn", "phecyn"}
    assert mutations("llyfr") == ("llyfr", "lyfr") and mutations("ffliw") == ("ffliw",)
    assert classify("Beth sydd i ginio?", [KeywordRule("dinners", SURE, "cinio", welsh=True)])
    assert classify("Beth sydd i ginio?", [KeywordRule("dinners", SURE, "cinio")]) is None


def test_a_short_mutation_that_stands_alone_is_left_to_english():
    assert classify("He got a badge", [KeywordRule("lost", SURE, "cot", welsh=True)]) is None


@pytest.mark.parametrize("text", ["", "   ", "😀" * 5000, "\u202e", "a" * 100_000, "... * ...", "٣" * 50])
def test_a_text_without_words_has_no_topic(text):
    assert classify(text, COAT) is None


@pytest.mark.parametrize("pattern", ["", "...", "*", "!!!"])
def test_a_keyword_rule_without_a_letter_finds_nothing(pattern):
    assert classify("anything at all ... *", [KeywordRule("lost", SURE, pattern)]) is None


def resembles(word: str, form: str) -> bool:
    return word == form or is_typo(word, form)


def test_many_keyword_rules_find_what_each_of_them_finds_alone():
    """Compare every shipped one-word rule with every labelled word.

    Typos and stars included.
    """
    single = [
        KeywordRule(about, weight, pattern)
        for (about, language, pattern), weight in shipped_keyword_rules().items()
        if language == "en" and pattern.isascii() and pattern.replace("*", "").isalpha()
    ]
    forms = [
        (tokens_of(keyword_rule.pattern)[0], keyword_rule.pattern.endswith("*")) for keyword_rule in single
    ]
    ready, said = KeywordRules(single), {word for row in labelled() for word in tokens_of(row.text)}
    assert len(single) > 100 and len(said) > 500
    for word in said:
        expected = [
            keyword_rule
            for keyword_rule, (form, goes_on) in zip(single, forms, strict=True)
            if (word.startswith(form) if goes_on else resembles(word, form))
        ]
        if word == tokens_of(word)[0]:
            assert [keyword_rule for keyword_rule, _spots in ready.found_in(word)] == expected, word


@pytest.mark.parametrize("text", ["㎉" * 4960 + " off sick", "ﷺ" * 4999, "a" * 5000, "z " * 2500])
def test_A46_a_text_becomes_few_words_of_few_letters(text):
    """Bound the cost of a classification.

    One string for each letter of a word.
    """
    tokens = tokens_of(text)
    assert len(tokens) <= MAX_TOKENS and max(map(len, tokens), default=0) <= LONGEST_WORD
    assert sum(map(len, tokens)) <= MAX_TOKENS * LONGEST_WORD


def test_a_word_of_forty_letters_is_one_and_a_longer_one_is_none():
    assert tokens_of("a" + "bc" * 19 + "d off") == ["a" + "bc" * 19 + "d", "off"]
    assert tokens_of("a" + "bc" * 20 + " off") == ["off"]
