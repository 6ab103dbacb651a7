"""Merging: what one side changed is taken, what both changed is left to a person."""

import random
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from toolkit.cli import main
from toolkit.errors import GlossaryError
from toolkit.glossary import conflicts, edit
from toolkit.glossary.differences import between, pair, transform
from toolkit.glossary.format import COLUMNS, MARK
from toolkit.glossary.merge import merge
from toolkit.glossary.reading import parse
from toolkit.glossary.sheet import Sheet

HEADER = "\t".join(COLUMNS)


def concept(id, zh, ru, en, domain="food", note=""):
    rows = ["\t".join((id, "*", *[""] * 7, domain, note, ""))]
    for lang, text in (("zh", zh), ("ru", ru), ("en", en)):
        if text:
            rows.append("\t".join((id, lang, text, "preferred", *[""] * 7, "unverified")))
    return "\n".join(rows) + "\n"


TEA = concept("tea", "茶", "чай", "tea", note="hot")
FISH = concept("fish", "鱼", "рыба", "fish")
RICE = concept("rice", "米", "рис", "rice")
BASE = f"{MARK}\n{HEADER}\n# ours\n{TEA}\n{FISH}{RICE}# end\n"


def changed(text, *steps):
    sheet = Sheet(text)
    for step in steps:
        step(sheet)
    return sheet.text()


def put(id, lang, text, **cells):
    return lambda s: edit.add(s, id, [(lang, text)], cells, domain="" if id in s else "food")


def cell(id, text, **cells):
    def step(sheet):
        demote = cells.pop("demote", None)
        term = edit.find_term(sheet.concept(id), text)
        edit.edit_term(sheet, id, term, cells, demote=demote)

    return step


def drop(id, text=None):
    return lambda s: edit.remove(s, id, text and edit.find_term(s.concept(id), text))


def note(id, text):
    return lambda s: s.set_concept(id, note=text)


def says(text):
    return {
        c.id: (c.domain, c.note, frozenset(c.relations), frozenset(
            replace(t, line=0) for t in c.terms))
        for c in parse(text, proposed=True).concepts
    }  # fmt: skip


def merged(mine, theirs, base=BASE):
    result = merge(base, mine, theirs)
    return result.sheet.text(), result.conflicts


# What is taken.


def test_changes_to_different_terms_of_one_concept_are_all_taken():
    mine = changed(BASE, put("tea", "zh", "红茶"), cell("tea", "чай", note="m"))
    theirs = changed(BASE, put("tea", "ru", "чаёк"), cell("tea", "чай", scope="RU"),
                     note("tea", "cold"), put("milk", "en", "milk"), drop("fish"))  # fmt: skip
    text, left = merged(mine, theirs)
    assert left == ()
    found = {c.id: c for c in parse(text).concepts}
    assert list(found) == ["tea", "rice", "milk"]
    assert [t.text for t in found["tea"].terms] == ["茶", "红茶", "чай", "чаёк", "tea"]
    assert found["tea"].note == "cold"
    assert (found["tea"].terms[2].note, found["tea"].terms[2].scope) == ("m", ("RU",))
    assert "# ours\n" in text and text.count("\n\n") == 1


def test_the_result_is_mine_with_the_smallest_diff():
    theirs = changed(BASE, cell("rice", "рис", note="n"))
    text, _ = merged(BASE, theirs)
    assert text == theirs


def test_a_new_preferred_term_and_the_old_one_demoted_are_taken_together():
    theirs = changed(BASE, put("tea", "ru", "чаёк"),
                     cell("tea", "чаёк", status="preferred", demote="deprecated"))  # fmt: skip
    mine = changed(BASE, note("tea", "m"))
    text, left = merged(mine, theirs)
    assert left == () and parse(text).concept("tea").preferred("ru").text == "чаёк"


def test_sources_of_both_are_kept_and_what_one_has_seen_is_seen():
    def seen(url):
        return lambda s: edit.edit_term(
            s, "tea", edit.find_term(s.concept("tea"), "茶"), {}, sources=[url]
        )

    text, left = merged(changed(BASE, seen("https://a")), changed(BASE, seen("https://b")))
    term = parse(text).concept("tea").preferred("zh")
    assert left == () and term.verified and term.evidence == ("https://a", "https://b")


def test_a_concept_renamed_on_one_side_takes_what_the_other_changed():
    renamed = changed(BASE, lambda s: edit.rename(s, "tea", "cha"))
    other = changed(BASE, put("tea", "en", "char"))
    for mine, theirs in ((renamed, other), (other, renamed)):
        text, left = merged(mine, theirs)
        assert left == ()
        assert [c.id for c in parse(text).concepts] == ["cha", "fish", "rice"]
        assert [t.text for t in parse(text).concept("cha").terms][-1] == "char"


def test_one_new_concept_under_two_ids_is_one():
    mine = changed(BASE, put("milk", "zh", "奶"), put("milk", "ru", "молоко"))
    theirs = BASE + concept("moloko", "奶", "молоко", "milk")
    text, left = merged(mine, theirs)
    found = parse(text)
    assert left == () and "moloko" not in {c.id for c in found.concepts}
    assert [t.text for t in found.concept("milk").terms] == ["奶", "молоко", "milk"]


def test_a_proposal_of_theirs_arrives_as_one():
    text, left = merged(BASE, changed(BASE, put("tea", "en", "cha", status="proposed")))
    term = parse(text, proposed=True).concept("tea").terms[-1]
    assert left == () and (term.text, term.status) == ("cha", "proposed")


# What is not guessed.


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        (cell("tea", "чай", scope="RU"), cell("tea", "чай", scope="BY"), "another scope here and"),
        (note("tea", "m"), note("tea", "t"), "another note here and there"),
        (drop("tea"), note("tea", "t"), "removed here, changed there"),
        (note("tea", "m"), drop("tea"), "removed there, changed here"),
        (cell("tea", "чай", term="чаёк"), cell("tea", "чай", term="чаище"), "two preferred Russi"),
        (cell("tea", "чай", note="m"), drop("tea", "tea"), None),
        (put("tea", "en", "cha"), put("tea", "en", "cha", scope="GB"), "another scope"),
        (put("tea", "en", "cha"), put("tea", "en", "cha", status="forbidden"), "another status"),
        (lambda s: edit.rename(s, "tea", "cha"), lambda s: edit.rename(s, "tea", "chai"),
         "renamed here to cha, there to chai"),
        (lambda s: edit.rename(s, "tea", "cha"), drop("tea"), "removed there, changed here"),
        (put("egg", "en", "egg"), put("egg", "en", "ovum"), "one id for two concepts"),
        (put("egg", "en", "egg"), put("ovum", "en", "egg"), "egg has the same English term"),
        (cell("tea", "茶", **{"from": "2020"}), cell("tea", "茶", to="2010"), "ends before it be"),
    ],
)  # fmt: skip
def test_what_both_changed_is_a_conflict_and_stays_as_in_mine(mine, theirs, reason):
    mine, theirs = changed(BASE, mine), changed(BASE, theirs)
    text, left = merged(mine, theirs)
    if reason is None:
        assert left == ()
        return
    assert len(left) == 1 and reason in left[0].reason
    assert text == mine


def test_without_a_base_what_differs_is_a_conflict_and_the_rest_is_joined():
    theirs = changed(BASE, put("milk", "en", "milk"), put("tea", "en", "cha"),
                     cell("tea", "чай", scope="RU"))  # fmt: skip
    text, left = merged(BASE, theirs, base=None)
    assert [c.reason for c in left] == ["чай: another scope here and there"]
    assert {"milk", "tea"} <= {c.id for c in parse(text).concepts}
    assert "cha" in [t.text for t in parse(text).concept("tea").terms]


# The file of conflicts.


def settle(text, left, choose):
    """Mark the rows ``choose`` says and apply the file to ``text``."""
    lines = []
    for line in conflicts.write(left).split("\n"):
        cells = line.split("\t")
        if line and not line.startswith("#") and cells[0] == "" and cells[1].isdecimal():
            line = choose(cells[2], cells[3:]) + line
        lines.append(line)
    sheet = Sheet(text)
    conflicts.apply(sheet, conflicts.read("\n".join(lines)))
    return sheet.text()


BOTH_CHANGED = [
    (cell("tea", "чай", scope="RU"), cell("tea", "чай", scope="BY")),
    (note("tea", "m"), note("tea", "t")),
    (drop("tea"), note("tea", "t")),
    (note("tea", "m"), drop("tea")),
    (cell("tea", "чай", term="чаёк"), cell("tea", "чай", term="чаище")),
    (put("egg", "en", "egg"), put("egg", "en", "ovum")),
    (put("tea", "en", "cha"), put("tea", "en", "cha", status="forbidden")),
]


@pytest.mark.parametrize(("mine", "theirs"), BOTH_CHANGED)
@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_settled_conflict_says_what_the_chosen_side_says(mine, theirs, side):
    states = {"mine": changed(BASE, mine), "theirs": changed(BASE, theirs)}
    text, left = merged(states["mine"], states["theirs"])
    chosen = states[side]
    has = any(getattr(conflict, side) for conflict in left)
    mark = (lambda where, _: "x" if where == side else "") if has else (lambda *_: "-")
    assert says(settle(text, left, mark)) == says(chosen)


def test_both_of_two_concepts_that_look_alike_may_stand():
    mine = changed(BASE, put("egg", "en", "egg"))
    theirs = changed(BASE, put("ovum", "en", "egg"))
    text, left = merged(mine, theirs)
    both = says(settle(text, left, lambda where, _: "x"))
    assert {"egg", "ovum"} <= set(both)


def test_a_file_with_open_conflicts_or_damage_is_refused_and_all_told():
    _, left = merged(*(changed(BASE, note("tea", n), note("fish", n)) for n in "mt"))
    text = conflicts.write(left)
    with pytest.raises(GlossaryError) as caught:
        conflicts.read(text, "c.tsv")
    assert str(caught.value).count("has no mark yet") == 2
    with pytest.raises(GlossaryError, match="both x and -"):
        conflicts.read(text.replace("\t1\tmine", "x\t1\tmine").replace("\t1\tthe", "-\t1\tthe"))
    with pytest.raises(GlossaryError, match=r"c.tsv:7: 'y' is no mark"):
        conflicts.read(text.replace("\t1\tbase", "y\t1\tbase"), "c.tsv")
    with pytest.raises(GlossaryError, match="not a file of conflicts"):
        conflicts.read(BASE)


def test_a_file_that_a_spreadsheet_saved_is_read_the_same():
    _, left = merged(changed(BASE, note("tea", 'say "m", twice')), changed(BASE, note("tea", "t")))
    text = conflicts.write(left).replace("\t1\tmine", "x\t1\tmine")
    lines = []
    for line in text.rstrip("\n").split("\n"):
        cells = [f'"{c}"' if c and '"' not in c else c for c in line.split("\t")]
        cells = ['"' + c.replace('"', '""') + '"' if 'say "m"' in c else c for c in cells]
        lines.append("\t".join(cells) if not line.startswith("#") else f'"{line}"\t\t')
    saved = "\ufeff".join(["", "\r\n".join(lines) + "\r\n"]).lstrip("\ufeff")
    assert conflicts.read(saved) == conflicts.read(text)


# Laws.

names = st.sampled_from(["tea", "fish", "rice", "milk"])
words = st.sampled_from(["茶", "чай", "чаек", "чаёк", "tea", "fish", "salmon", "x … y"])
tongues = st.sampled_from(["zh", "ru", "en"])
kinds = st.sampled_from(["preferred", "admitted", "deprecated", "forbidden", "proposed"])
steps = st.lists(
    st.one_of(
        st.builds(lambda i, t, w, k: put(i, t, w, status=k), names, tongues, words, kinds),
        st.builds(lambda i, w, k: cell(i, w, status=k, demote="admitted"), names, words, kinds),
        st.builds(lambda i, w, s: cell(i, w, scope=s), names, words,
                  st.sampled_from(["RU", "VN", ""])),
        st.builds(lambda i, w, n: cell(i, w, term=n), names, words, words),
        st.builds(note, names, words),
        st.builds(drop, names, st.none() | words),
        st.builds(lambda a, b: lambda s: edit.rename(s, a, b), names, names),
    ),
    max_size=5,
)  # fmt: skip


def state(moves):
    text = BASE
    for step in moves:
        try:
            text = changed(text, step)
        except GlossaryError:
            pass
    return text


states = steps.map(state)


@given(states)
def test_merging_what_nobody_changed_changes_nothing(other):
    assert merged(other, BASE) == (other, ())
    text, left = merged(BASE, other)
    assert left == () and says(text) == says(other)


@given(states)
def test_merging_what_both_did_alike_changes_nothing(other):
    assert merged(other, other) == (other, ())
    assert merged(other, other, base=None) == (other, ())


@given(states, states)
def test_both_ways_leave_the_same_conflicts_and_agree_where_there_are_none(mine, theirs):
    here, left = merged(mine, theirs)
    there, right = merged(theirs, mine)
    assert bool(left) == bool(right)
    if not left:
        assert says(here) == says(there)


@given(states, states)
def test_a_merged_file_can_be_read_and_conflicts_are_written_and_read(mine, theirs):
    text, left = merged(mine, theirs)
    parse(text, proposed=True)
    if left:
        marked = conflicts.write(left).replace("\n\t", "\n-\t")
        assert [d.conflict.mine for d in conflicts.read(marked)] == [c.mine for c in left]


@given(states, states)
def test_nothing_is_invented_or_lost_without_a_conflict(mine, theirs):
    text, left = merged(mine, theirs)
    rows = {s: {(t.lang, t.text) for v in says(x).values() for t in v[3]}
            for s, x in (("base", BASE), ("mine", mine), ("theirs", theirs), ("out", text))}
    assert rows["out"] <= rows["mine"] | rows["theirs"]
    if not left:
        assert rows["mine"] - rows["base"] <= rows["out"]
        assert rows["theirs"] - rows["base"] <= rows["out"]


@given(states, states)
def test_one_state_is_made_of_another_and_then_nothing_differs(one, other):
    sheet = Sheet(one)
    wanted = {c.id: c for c in parse(other, proposed=True).concepts}
    for id in sheet.ids:
        if id in wanted:
            transform(sheet, id, wanted[id])
    again = {c.id: c for c in parse(sheet.text(), proposed=True).concepts}
    shared = [id for id in again if id in wanted]
    assert between([again[i] for i in shared], [wanted[i] for i in shared]) == []


@given(states, states)
def test_a_difference_is_told_exactly_where_there_is_one(one, other):
    left, right = (parse(text, proposed=True).concepts for text in (one, other))
    assert (between(left, right) == []) == (says(one) == says(other))
    for a, b in zip(left, right, strict=False):
        pairs = pair(a.terms, b.terms)
        assert sorted(i for i, _ in pairs if i is not None) == list(range(len(a.terms)))
        assert sorted(j for _, j in pairs if j is not None) == list(range(len(b.terms)))


# The command.


def run(*arguments):
    return CliRunner().invoke(main, ["glossary", *map(str, arguments)])


def test_the_command_merges_reports_and_settles(tmp_path):
    files = {}
    for name, text in (
        ("base", BASE),
        ("mine", changed(BASE, note("tea", "m"))),
        ("theirs", changed(BASE, note("tea", "t"), put("milk", "en", "milk"))),
    ):
        files[name] = tmp_path / f"{name}.tsv"
        files[name].write_text(text, encoding="utf-8")
    before = files["mine"].read_bytes()
    three = (files["mine"], files["theirs"], "--base", files["base"])
    result = run("merge", *three, "-o", files["mine"], "--dry-run")
    assert result.exit_code == 1 and "+milk" in result.stdout
    assert files["mine"].read_bytes() == before and len(list(tmp_path.iterdir())) == 3
    result = run("merge", *three)
    assert result.exit_code == 1 and "milk" in result.stdout and "another note" in result.stderr
    assert files["mine"].read_bytes() == before
    result = run("merge", *three, "-o", files["mine"], "--diff")
    assert result.exit_code == 1 and "+milk" in result.stdout, result.output
    place = tmp_path / "mine.conflicts.tsv"
    assert str(place) in result.stderr
    again = run("merge", *three, "-o", files["mine"])
    assert again.exit_code == 2 and "earlier merge" in again.stderr
    assert run("merge", "--resolve", place, "-o", files["mine"]).exit_code == 2
    place.write_text(
        place.read_text(encoding="utf-8").replace("\t1\ttheirs", "x\t1\ttheirs"), encoding="utf-8"
    )
    result = run("merge", "--resolve", place, "-o", files["mine"])
    assert result.exit_code == 0, result.output
    assert says(files["mine"].read_text(encoding="utf-8")) == says(
        files["theirs"].read_text(encoding="utf-8")
    )


def test_diff_tells_terms_cells_and_renamed_concepts(tmp_path):
    one, other = tmp_path / "one.tsv", tmp_path / "other.tsv"
    one.write_text(BASE, encoding="utf-8")
    other.write_text(
        changed(BASE, cell("tea", "чай", scope="RU"), put("tea", "en", "cha"), drop("fish"),
                lambda s: edit.rename(s, "rice", "ris")), encoding="utf-8",
    )  # fmt: skip
    assert run("diff", one, one).exit_code == 0
    result = run("diff", one, other)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "~ tea  ru  чай  scope: – → RU", "+ tea  en  cha  (admitted)", "- fish  (food)",
        "~ rice  is ris there",
    ]  # fmt: skip


def test_order_of_rows_and_comments_make_no_difference():
    lines = BASE.split("\n")
    body = [line for line in lines[2:] if line and not line.startswith("#")]
    own = [line for line in body if "\t*\t" in line]
    rest = [line for line in body if "\t*\t" not in line]
    random.Random(1).shuffle(rest)
    mixed = "\n".join([*lines[:2], *own, *rest]) + "\n"
    assert merged(BASE, mixed) == (BASE, ())
