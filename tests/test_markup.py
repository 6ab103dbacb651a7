"""XML from strangers: the same refusals wherever a text is read as XML."""

import pytest

from toolkit import markup
from toolkit.align import formats
from toolkit.errors import AlignmentError, ScoreError

BOMB = '<?xml version="1.0"?>\n<!DOCTYPE x [\n<!ENTITY a "aa">\n]>\n<xliff>&a;</xliff>'


@pytest.mark.parametrize("error", [AlignmentError, ScoreError])
def test_what_is_refused_is_told_with_its_line(error):
    for text, said in (
        (BOMB, "f.xml:3: it defines entities"),
        ('<?xml version="1.0"?>\n<xliff>\n<a></xliff>', "f.xml:3: not an XLIFF file"),
        ("<html/>", "f.xml:1: not an XLIFF file: it begins with <html>"),
        ("<xliff>&b;</xliff>", "f.xml:1: not an XLIFF file"),
    ):
        with pytest.raises(error) as raised:
            markup.parse(text, "f.xml", "xliff", "an XLIFF file", error)
        assert str(raised.value).startswith(said)


def test_a_declared_encoding_does_not_count_and_lines_stay():
    text = "<?xml version='1.0'\nencoding='utf-16'?>\n<xliff>\n<a>协作</a></xliff>"
    root = markup.parse(text, "f.xml", "xliff", "an XLIFF file", AlignmentError)
    assert root[0].text == "协作" and root[0].sourceline == 4


def test_the_checker_refuses_entities_before_it_parses(tmp_path):
    path = tmp_path / "a.xlf"
    path.write_text(BOMB, encoding="utf-8")
    with pytest.raises(AlignmentError, match=r"a\.xlf:3: it defines entities of its own"):
        formats.read(path)
