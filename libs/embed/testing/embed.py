"""Puts proofs into documents and finds them again, by ../README.md alone and by rebuilding whole files, and compares with vectors/embed.json."""

import base64
import json
import re
import sys
import unicodedata
import zlib

MARK = b"sealroot-proof@2 "
MOST = 2_097_152
MOST_ENDING = 67_108_864


TYPE = b"application/vnd.sealroot.container+zip"
PROOF_NAME = b"META-INF/sealroot-proof.json"
REFUSED = re.compile("[/\\\\:*?\"<>|\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def is_name(name):
    reserved = name.lower() in ("mimetype", "meta-inf")
    return 0 < len(name.encode()) <= 200 and not REFUSED.search(name) and name.strip(". ") == name and not reserved


def name_in_container(name):
    short = REFUSED.sub("_", unicodedata.normalize("NFC", name)).strip(". ")
    while len(short.encode()) > 200:
        short = short[1:].lstrip(". ")
    return short if is_name(short) else "document-" + short


def member(name, content):
    """What stands before the content of a member, and, without the place, in the directory."""
    crc, size = zlib.crc32(content).to_bytes(4, "little"), len(content).to_bytes(4, "little")
    length = len(name).to_bytes(2, "little")
    common = bytes.fromhex("1400000800000000 2100") + crc + size + size + length + bytes(2)
    return b"PK\3\4" + common + name, lambda place: b"PK\1\2\x14\0" + common + bytes(10) + place.to_bytes(4, "little") + name


def container(document, proof, name):
    data, directory = b"", b""
    for called, content in [(b"mimetype", TYPE), (name.encode(), document), (PROOF_NAME, proof)]:
        header, entry = member(called, content)
        directory += entry(len(data))
        data += header + content
    sizes = len(directory).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return data + directory + b"PK\5\6" + bytes.fromhex("0000000003000300") + sizes + bytes(2)


START = member(b"mimetype", TYPE)[0] + TYPE


def in_container(data):
    """Name, place and length of the document that stands where a container has it, and the proof."""
    at = len(START)
    if not data.startswith(START) or data[at : at + 4] != b"PK\3\4" or len(data) < at + 30:
        return None
    size, length = int.from_bytes(data[at + 22 : at + 26], "little"), int.from_bytes(data[at + 26 : at + 28], "little")
    start = at + 30 + length
    after = start + size
    try:
        name = data[at + 30 : start].decode()
    except UnicodeDecodeError:
        return None
    header = data[after : after + 30]
    if len(header) < 30 or header[:4] != b"PK\3\4" or not is_name(name):
        return None
    if header[26:28] != len(PROOF_NAME).to_bytes(2, "little"):
        return None
    at = after + 30 + len(PROOF_NAME)
    proof = data[at : at + int.from_bytes(header[22:26], "little")]
    if data[after + 30 : at] != PROOF_NAME or len(proof) != int.from_bytes(header[22:26], "little") or len(proof) > MOST:
        return None
    return start, size, b"", proof, name


def kind_of(data):
    return "container" if data.startswith(START) else "pdf" if data.startswith(b"%PDF-") else "zip" if data.startswith(b"PK\3\4") else None


def pdf_tail(document, proof):
    offsets = re.findall(rb"startxref[\0\t\n\f\r ]+([0-9]{1,20})", document[-1024:])
    last = document[-1024:].rfind(b"startxref")
    if not offsets or not re.match(rb"startxref[\0\t\n\f\r ]+[0-9]", document[-1024:][last:]):
        return None
    text = base64.b64encode(proof)
    lines = b"".join(b"%" + text[i : i + 76] + b"\n" for i in range(0, len(text), 76))
    return b"\n%%%s%d\n%s%%end\nstartxref\n%s\n%%%%EOF\n" % (MARK, len(document), lines, offsets[-1])


def embed(document, proof, signed=False, name=None):
    kind = kind_of(document)
    if exact(document) is not None:
        return "embedded"
    if name is not None:
        return "too-large" if len(proof) > MOST or len(document) > 4_290_000_000 else container(document, proof, name_in_container(name))
    if kind is None:
        return "unknown-kind"
    if kind == "container":
        return "no-end"
    if kind == "pdf":
        if not signed and b"/ByteRange" in document:
            return "signed"
        tail = pdf_tail(document, proof)
        return "no-end" if tail is None else "too-large" if len(proof) > MOST else document + tail
    end = zip_end(document)
    if end is None:
        return "no-end"
    return "too-large" if len(proof) > MOST else zip_file(document, end, proof) or "too-large"


def number(data, at, length):
    return int.from_bytes(data[at : at + length], "little")


def end_at(data, record):
    """Length of the file, places of its directory, its end record and that of ZIP64 or None."""
    if len(data) < record + 22:
        return None
    size = record + 22 + number(data, record + 20, 2)
    if size > len(data):
        return None
    directory, length, record64 = number(data, record + 16, 4), number(data, record + 12, 4), None
    if record >= 20 and data[record - 20 : record - 16] == b"PK\6\7":
        record64 = number(data, record - 12, 8)
        if record64 + 56 > record - 20 or data[record64 : record64 + 4] != b"PK\6\6":
            return None
        if directory not in (0xFFFFFFFF, number(data, record64 + 48, 8)):
            return None
        directory, length = number(data, record64 + 48, 8), number(data, record64 + 40, 8)
    if directory + length != (record if record64 is None else record64) or directory > record or size - directory > MOST_ENDING:
        return None
    return size, directory, record, record64


def zip_end(data):
    first = max(0, len(data) - 22 - 65_535)
    records = [first + found.start() for found in re.finditer(b"PK\5\6", data[first:])]
    ends = [end_at(data, record) for record in reversed(records)]
    return next((end for end in ends if end is not None and end[0] == len(data)), None)


def moved(data, end, by):
    """Directory and what follows it, of a file in which it begins so many bytes further back."""
    size, directory, record, record64 = end
    ending = bytearray(data[directory:size])
    if record64 is not None:
        ending[record64 - directory + 48 : record64 - directory + 56] = (directory + by).to_bytes(8, "little")
        ending[record - directory - 12 : record - directory - 4] = (record64 + by).to_bytes(8, "little")
        if number(data, record + 16, 4) == 0xFFFFFFFF:
            return bytes(ending)
    if directory + by >= 0xFFFFFFFF:
        return None
    ending[record - directory + 16 : record - directory + 20] = (directory + by).to_bytes(4, "little")
    return bytes(ending)


def zip_file(document, end, proof):
    block = MARK + base64.b64encode(proof) + b"\n"
    ending = moved(document, end, len(block))
    return ending and document[: end[1]] + block + ending


def proof_at(data, kind, mark):
    """What a mark at this place says: bytes of the file that stay, what follows them, the proof."""
    if kind == "pdf":
        found = re.match(rb"\n%" + MARK + rb"([0-9]{1,16})\n((?:%[A-Za-z0-9+/=]{1,76}\n)+)%end\n", data[mark - 2 :])
        if mark < 2 or found is None or int(found[1]) > mark - 2:
            return None
        text, kept, ending = found[2].replace(b"%", b"").replace(b"\n", b""), int(found[1]), b""
    else:
        text = data[mark + len(MARK) :].split(b"\n")[0]
        directory = mark + len(MARK) + len(text) + 1
        records = [directory + found.start() for found in re.finditer(b"PK\5\6", data[directory : directory + MOST_ENDING])]
        end = next((end for end in map(lambda record: end_at(data, record), records) if end and end[1] == directory), None)
        ending = end and moved(data, end, mark - directory)
        if ending is None:
            return None
        kept = mark
    try:
        proof = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return (0, kept, ending, proof, None) if text and base64.b64encode(proof) == text else None


def is_exact(data, start, kept, ending, proof, name):
    """The rule itself, by making the whole file again."""
    document = data[start : start + kept] + ending
    if name is not None:
        return container(document, proof, name) == data
    if kind_of(document) == "pdf":
        tail = pdf_tail(document, proof)
        return tail is not None and document + tail == data
    end = zip_end(document)
    return end is not None and zip_file(document, end, proof) == data


def exact(data):
    return next((one for one in reversed(remains(data)) if is_exact(data, *one)), None)


def remains(data):
    kind = kind_of(data)
    if kind == "container":
        found = in_container(data)
        return [] if found is None else [found]
    marks = [found.start() for found in re.finditer(re.escape(MARK), data)][:64] if kind else []
    return [one for one in (proof_at(data, kind, mark) for mark in marks) if one is not None]


def described(start, kept, ending, proof, name):
    called = {} if name is None else {"called": name}
    return {"from": start, "kept": kept, **called, "ending": ending.hex(), "proof": proof.decode()}


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    for vector in vectors["embed"]:
        made = embed(bytes.fromhex(vector["document"]), vector["proof"].encode(), vector.get("signed", False), vector.get("container"))
        expected = vector.get("refused") or bytes.fromhex(vector["file"])
        assert made == expected, f"{vector['name']}: expected {expected[:80]}, got {made[:80]}"
    for vector in vectors["find"]:
        data = bytes.fromhex(vector["file"])
        found = exact(data)
        assert (found and described(*found)) == vector["found"], f"{vector['name']}: got {found}"
        all_found = [{**described(*one), "exact": is_exact(data, *one)} for one in remains(data)]
        assert all_found == vector["remains"], f"{vector['name']}: got {all_found}"
    print(f"{len(vectors['embed'])} embeddings and {len(vectors['find'])} files agree")


main(sys.argv[1])
