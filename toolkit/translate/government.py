"""Say which cases the Russian word before a phrase allows it.

«к» takes a dative, «придерживаться» a genitive, «укреплять» an accusative: a model that puts a
phrase there in another case has slipped, and the slip can be mended without it. What this module
does not know for certain it says nothing about.
"""

import re

from toolkit.languages.ru import analyser
from toolkit.languages.ru_forms import CASES, gender, inflect

# The cases a preposition takes, the usual one first; others say nothing about the next word.
_PREPOSITIONS = {
    **dict.fromkeys(("в", "во", "на"), ("loc", "acc")),
    **dict.fromkeys(("о", "об", "обо", "при"), ("loc",)),
    **dict.fromkeys(("к", "ко", "благодаря", "вопреки", "согласно"), ("dat",)),
    "по": ("dat", "acc", "loc"),
    **dict.fromkeys(("с", "со"), ("ins", "gen")),
    **dict.fromkeys(("между", "перед", "над"), ("ins",)),
    **dict.fromkeys(("за", "под"), ("acc", "ins")),
    **dict.fromkeys(("про", "через", "сквозь"), ("acc",)),
    **dict.fromkeys(
        "без для до из от у около после против ради среди вокруг вместо ввиду вследствие"
        " относительно из-за".split(), ("gen",),
    ),
}  # fmt: skip
# Transitive verbs that a dative often follows at once: «придать отношениям импульс».
_GIVING = frozenset(
    "дать давать придать придавать уделить уделять оказать оказывать предоставить предоставлять"
    " передать передавать обещать пообещать предложить предлагать сообщить сообщать поручить"
    " поручать желать пожелать выразить выражать рассказать представить представлять вручить"
    " вручать направить направлять".split()
)
# Transitive verbs whose second object may come first: «назвать Россией», «ждать помощи».
_TWO_OBJECTS = frozenset(
    "назвать называть считать сделать делать избрать избирать назначить назначать объявить"
    " объявлять признать признавать ждать требовать просить хотеть искать закончить завершить"
    " начать пройти проходить покрыть наградить награждать сопровождать".split()
)
_OBJECTS = {
    "dat": "способствовать содействовать помогать помочь препятствовать воспрепятствовать угрожать"
           " противостоять противодействовать следовать соответствовать принадлежать"
           " благоприятствовать",
    "gen": "достигнуть достичь достигать придерживаться добиваться добиться избегать избежать"
           " касаться коснуться опасаться заслуживать удостоиться",
    "ins": "заниматься заняться гордиться руководить управлять обладать пользоваться"
           " воспользоваться дорожить обмениваться обменяться располагать являться стать"
           " становиться остаться оставаться",
}  # fmt: skip
# Verbs that take an infinitive, a clause or a preposition, and no bare phrase.
_CLOSED = frozenset(
    "договориться договариваться согласиться соглашаться условиться намереваться собираться"
    " стремиться".split()
)
_OBJECT = {verb: case for case, verbs in _OBJECTS.items() for verb in verbs.split()}
# Nouns made of verbs: what follows at once is their object, in the genitive.
_DEED = re.compile(r"(?:ни|ти|ци|си)(?:е|я|ю|ем|и|ей|й|ям|ями|ях)$")
# How much something rose or fell stands in the accusative: «вырос на 5 проц.».
_CHANGE = re.compile(
    r"(?:\bчем|\b(?:вырос|возрос|увелич|расшир|сниз|сниж|сократ|сокращ|повыс|повыш|упа[лвд]|прибав)[а-я]*)"
    r"\s+на\s*$"
)
# Nouns whose object is in the dative, beside those made of verbs: «приверженность принципу».
_TO_WHOM = re.compile(
    r"приверженност|поддержк|помощ|угроз|благодарност|верност|письм|привет|отпор|дан[ьи]|преград"
    r"|вызов|сообщени|внимани|импульс|гимн|памятник|совет|обещани"
)
# What has a direction: «в» takes an accusative with one of these near, else it says where.
_DIRECTION = re.compile(
    r"\b(?:(?:при|вы|от|за|у|пере|про)(?:езд|езж|еха|лет|был|быв|быт)|визит|поезд|отправ|направ|экспорт"
    r"|импорт|поставк|поставл|вклад|вой[тд]|вош|вход|вступ|въе|вез|воз|вно|вне[сс]|включ|влож|вовле|ввод"
    r"|ввел|внедр|вмеш|втор|преврат|превращ|преобраз|верну|верт|приглас|приглаш|инвест|путеш|путь|пути"
    r"|рейс|дорог|груз|доступ|вер[аиу]|обра[тщ]|передел|переда|сле[дт]ова|посла|письм|продаж|прода[лв]"
    r"|интегр|команд|переве[лдс]|перено|эваку|вылез|паспорт|посольств|звон|депорт|прони[кц]|ехать)",
    re.IGNORECASE,
)
_AGREEING = {"m": "masc", "f": "femn", "n": "neut"}
_CASES = {"nomn": "nom", "gent": "gen", "datv": "dat", "accs": "acc", "ablt": "ins", "loct": "loc"}
_LAST_WORD = re.compile(r"(\bне\s+)?([А-Яа-яЁё-]+)\s*$", re.IGNORECASE)


def closed(before: str) -> bool:
    """Return whether no bare phrase can follow: «договорились соглашению» is no Russian."""
    last = _LAST_WORD.search(before[-60:])
    if last is None:
        return False
    word = last[2].lower()
    return all(parse.normal_form in _CLOSED for parse in analyser().parse(word))


def allowed(before: str, form: str, being: bool = False) -> tuple[str, ...]:
    """Return the cases that a phrase may stand in, the likeliest first; () where any may be.

    Args:
        before: What stands before the phrase in its sentence.
        form: The phrase in the nominative.
        being: Whether it is a person or an office, who may follow a verb as its subject («отметил
            Ли Цян»).
    """
    last = _LAST_WORD.search(before[-60:])
    if last is None:
        return ()
    word = last[2].lower().replace("ё", "е")
    cases = _PREPOSITIONS.get(word)
    if cases:
        return ("acc",) if _CHANGE.search(before[-40:]) else cases
    if word.startswith("-") or word.endswith("-"):
        return ()
    parses = analyser().parse(word)
    classes = {parse.tag.POS for parse in parses}
    if classes <= {"VERB", "INFN", "GRND"}:
        verbs = {parse.normal_form.replace("ё", "е") for parse in parses}
        return _after_verb(verbs, parses, bool(last[1]), classes == {"VERB"}, being)
    if classes <= {"ADJF", "PRTF"}:
        return _agreeing(parses, form)
    if classes == {"NOUN"} and last[2].islower() and not form.startswith("«"):
        deed = _DEED.search(word)
        object_ = deed and word.endswith(("ие", "ция", "сия")) and form[:1].islower()
        nominative = () if object_ else ("nom",)
        # Nothing stands in the prepositional without its preposition.
        whom = ("dat",) if deed or _TO_WHOM.match(word) else ()
        return ("gen", *nominative, *whom, "ins", *(() if deed else ("acc",)))
    return ()


def _agreeing(parses: list, form: str) -> tuple[str, ...]:
    """Return the cases in which an adjective and the phrase behind it may agree."""
    letter = gender(form)
    number = "plur" if letter == "p" else _AGREEING[letter]
    fitting = (parse.tag for parse in parses if number in parse.tag)
    return tuple(dict.fromkeys(_CASES[tag.case] for tag in fitting if tag.case in _CASES))


def _after_verb(
    verbs: set[str], parses: list, negated: bool, finite: bool, being: bool
) -> tuple[str, ...]:
    subject = ("nom",) if finite else ()
    objects = {_OBJECT.get(verb) for verb in verbs}
    if len(objects) == 1 and None not in objects:
        return (*map(str, objects), *subject)
    if verbs & _TWO_OBJECTS or not all("tran" in parse.tag for parse in parses):
        return ()
    more = ("dat",) if verbs & _GIVING else ()
    if negated:
        return ("gen", "acc", *more, *subject)
    # The subject comes behind its verb as often: «заседание провел вице-премьер».
    return ("nom", "acc", *more) if being and finite else ("acc", *more)


def mended(
    case: str | None, before: str, form: str, being: bool = False, after: str = ""
) -> str | None:
    """Return the case a phrase should stand in where a model chose ``case``, None for none.

    A choice that the word before allows, or says nothing about, stays.

    Args:
        after: What stands behind the phrase.
    """
    if case is None and len({inflect(form, one) for one in CASES}) == 1:
        return "nom"  # Перу stands so in every case
    cases = allowed(before, form, being)
    if case != "loc" and cases == _PREPOSITIONS["в"] and re.search(r"\b[Вв]о?\s*$", before):
        clause = re.split(r"[.!?;]", before)[-1] + after[:40]
        cases = ("acc", "loc") if _DIRECTION.search(clause) else ("loc",)
    if case == "nom" and not cases:
        return _joined(before, after) or case
    if not cases or case in cases:
        return case
    if case == "nom" and _verb_before(before):
        return case  # «Заседание провела Россия»
    return cases[0]


_JOINED = re.compile(r"([А-Яа-яЁё-]+)(?: и|(,)) $")
_VERB_NEXT = re.compile(r" [а-яё]*(?:[аяюеи]т|л[аои]?|[аяюеи]тся|л[аои]?сь)\b")


def _joined(before: str, after: str) -> str:
    """Return the case of the word that «и» joins a phrase to: «в Китае и Беларуси»; "" unknown.

    A comma joins only what «и другие» ends.
    """
    last = _JOINED.search(before[-60:])
    if last is None or _VERB_NEXT.match(after) or (last[2] and not after.startswith(" и друг")):
        return ""
    parses = analyser().parse(last[1])
    if any(parse.tag.POS not in ("NOUN", "ADJF", "PRTF") for parse in parses):
        return ""
    cases = {_CASES.get(parse.tag.case, "") for parse in parses}
    return cases.pop() if len(cases) == 1 else ""


def _verb_before(before: str) -> bool:
    """Tell whether the word before can have its subject behind it."""
    last = _LAST_WORD.search(before[-60:])
    return last is not None and any(p.tag.POS == "VERB" for p in analyser().parse(last[2]))
