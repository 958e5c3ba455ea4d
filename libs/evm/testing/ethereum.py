"""Attestations by EVM chains, written from libs/evm/README.md alone, in Python's standard library.

Shares no code with the library it is compared with. `verify_attestation` follows an attestation from a root to a block;
`make_attestation` makes one of what a node's JSON-RPC shows. As a program it reads lines of JSON, each with `attestation` and
`root` (hex), and prints for each the height, time and hash that it leads to, or `null`.
"""

import base64
import binascii
import json
import sys


class Refused(Exception):
    """The attestation is malformed, or does not hold."""


def demand(condition, what):
    if not condition:
        raise Refused(what)


# ---- Keccak-256 -------------------------------------------------------------------------------------------------------

MASK = 2**64 - 1
ROUND_CONSTANTS, OFFSETS = [], {}


def constants():
    register = 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            constant |= (register & 1) << ((1 << j) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        ROUND_CONSTANTS.append(constant)
    x, y = 1, 0
    for t in range(24):
        OFFSETS[x, y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    OFFSETS[0, 0] = 0


constants()


def rotate(word, by):
    return (word << by | word >> (64 - by)) & MASK if by else word


def permute(state):
    for constant in ROUND_CONSTANTS:
        parity = [state[x, 0] ^ state[x, 1] ^ state[x, 2] ^ state[x, 3] ^ state[x, 4] for x in range(5)]
        mixed = [parity[(x + 4) % 5] ^ rotate(parity[(x + 1) % 5], 1) for x in range(5)]
        moved = {}
        for (x, y), word in state.items():
            moved[y, (2 * x + 3 * y) % 5] = rotate(word ^ mixed[x], OFFSETS[x, y])
        for x, y in state:
            state[x, y] = moved[x, y] ^ (~moved[(x + 1) % 5, y] & moved[(x + 2) % 5, y] & MASK)
        state[0, 0] ^= constant


def keccak256(data):
    rate = 136
    padded = bytearray(data) + b'\x01' + bytes(-(len(data) + 1) % rate)
    padded[-1] ^= 0x80
    state = {(x, y): 0 for x in range(5) for y in range(5)}
    for start in range(0, len(padded), rate):
        for i in range(rate // 8):
            state[i % 5, i // 5] ^= int.from_bytes(padded[start + 8 * i:start + 8 * i + 8], 'little')
        permute(state)
    return b''.join(state[i, 0].to_bytes(8, 'little') for i in range(4))


# ---- RLP --------------------------------------------------------------------------------------------------------------


def rlp_encode(item):
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else rlp_head(0x80, len(item)) + item
    payload = b''.join(map(rlp_encode, item))
    return rlp_head(0xC0, len(payload)) + payload


def rlp_head(base, length):
    if length < 56:
        return bytes([base + length])
    size = big_endian(length)
    return bytes([base + 55 + len(size)]) + size


def big_endian(number):
    return number.to_bytes((number.bit_length() + 7) // 8, 'big')


def rlp_decode(data, depth=16):
    item, end = rlp_item(data, 0, depth)
    # Whatever is not in its one form encodes to other bytes.
    demand(end == len(data) and rlp_encode(item) == data, 'canonical RLP')
    return item


def rlp_item(data, at, depth):
    demand(at < len(data), 'RLP item')
    first, at = data[at], at + 1
    if first < 0x80:
        return bytes([first]), at
    is_list, length = first >= 0xC0, (first - 0x80) % 0x40
    if length > 55:
        size = length - 55
        demand(size <= 4, 'RLP length')
        length, at = int.from_bytes(data[at:at + size], 'big'), at + size
    end = at + length
    demand(end <= len(data), 'RLP end')
    if not is_list:
        return data[at:end], end
    demand(depth > 0, 'RLP depth')
    items = []
    while at < end:
        item, at = rlp_item(data, at, depth - 1)
        items.append(item)
    demand(at == end, 'RLP list end')
    return items, end


# ---- fields -----------------------------------------------------------------------------------------------------------


def text(item, length=None):
    demand(isinstance(item, bytes) and (length is None or len(item) == length), 'bytes')
    return item


def number(item, size=32):
    demand(isinstance(item, bytes) and len(item) <= size and item[:1] != b'\x00', 'number')
    return int.from_bytes(item, 'big')


def items_of(item, count=None):
    demand(isinstance(item, list) and (count is None or len(item) == count), 'list')
    return item


HEADER = [32, 32, 20, 32, 32, 32, 256, 'n', 'n', 'n', 'n', 'n', None, 32, 8]


def read_header(data):
    """Root of the transactions, height, time in milliseconds."""
    demand(len(data) <= 16384, 'header size')
    fields = items_of(rlp_decode(data, 2))
    demand(15 <= len(fields) <= 32, 'header fields')
    for form, field in zip(HEADER, fields):
        number(field) if form == 'n' else text(field, form)
    for field in fields[15:]:
        text(field)
    height, time = number(fields[8]), number(fields[11])
    time = time * 1000 if time < 10**11 else time
    demand(height < 2**53 and time <= 253402300799999, 'height or time')
    return fields[4], height, time


def read_transaction(data):
    """Chain (None before EIP-155), receiver, input."""
    demand(data, 'transaction')
    if data[0] >= 0xC0:
        nonce, price, gas, to, value, given, v, r, s = items_of(rlp_decode(data), 9)
        numbers(price, value, v, r, s)
        v = number(v)
        demand(v in (27, 28) or v >= 35, 'v')
        chain = None if v < 35 else (v - 35) // 2
    else:
        kind = data[0]
        demand(1 <= kind <= 4, 'type')
        fields = items_of(rlp_decode(data[1:]), {1: 11, 2: 12, 3: 14, 4: 13}[kind])
        chain, nonce, fields = number(fields[0]), fields[1], fields[2:]
        if kind > 1:
            numbers(fields.pop(0))
        price, gas, to, value, given, access = fields[:6]
        *later, parity, r, s = fields[6:]
        numbers(price, value, r, s)
        demand(number(parity, 1) < 2, 'parity')
        for entry in items_of(access):
            address, keys = items_of(entry, 2)
            text(address, 20)
            for key in items_of(keys):
                text(key, 32)
        if kind == 3:
            numbers(later[0])
            for digest in items_of(later[1]):
                text(digest, 32)
        if kind == 4:
            for entry in items_of(later[0]):
                on, address, count, odd, first, second = items_of(entry, 6)
                numbers(on, first, second)
                text(address, 20), number(count, 8), number(odd, 1)
        if kind > 2:
            text(to, 20)
    number(nonce, 8), number(gas, 8), text(given)
    demand(text(to) == b'' or len(to) == 20, 'receiver')
    demand(chain is None or chain < 2**53, 'chain')
    return chain, to, given


def numbers(*values):
    for value in values:
        number(value)


# ---- trie -------------------------------------------------------------------------------------------------------------


def nibbles(data):
    return [nibble for byte in data for nibble in (byte >> 4, byte & 15)]


def key_of(index):
    return nibbles(rlp_encode(big_endian(index)))


def hex_prefix(part, leaf):
    flag = [2 * leaf + 1] if len(part) % 2 else [2 * leaf, 0]
    digits = flag + part
    return bytes(16 * digits[i] + digits[i + 1] for i in range(0, len(digits), 2))


def trie_node(entries):
    """The node of these (key, value) pairs, as an RLP item."""
    if len(entries) == 1:
        return [hex_prefix(entries[0][0], True), entries[0][1]]
    first, common = entries[0][0], 0
    while all(len(key) > common and key[common] == first[common] for key, _ in entries):
        common += 1
    if common:
        return [hex_prefix(first[:common], False), named(trie_node([(key[common:], value) for key, value in entries]))]
    groups = [[(key[1:], value) for key, value in entries if key[0] == nibble] for nibble in range(16)]
    return [named(trie_node(group)) if group else b'' for group in groups] + [b'']


def named(node):
    encoded = rlp_encode(node)
    return node if len(encoded) < 32 else keccak256(encoded)


def build_trie(transactions, index=None):
    """Root of a block's transactions, and the path of nodes to one of them."""
    entries = [(key_of(i), raw) for i, raw in enumerate(transactions)]
    if not entries:
        return keccak256(b'\x80'), []
    top = trie_node(entries)
    path = [rlp_encode(top)]
    rest = None if index is None else key_of(index)
    while rest is not None:
        # Down into the part of the trie that the key leads to, until it is a leaf's.
        if len(entries) == 1:
            break
        first, common = entries[0][0], 0
        while all(len(key) > common and key[common] == first[common] for key, _ in entries):
            common += 1
        step = common or 1
        entries = [(key[step:], value) for key, value in entries if key[:step] == rest[:step]]
        rest = rest[step:]
        encoded = rlp_encode(trie_node(entries))
        if len(encoded) >= 32:
            path.append(encoded)
    return keccak256(path[0]), path


def prove(root, index, path):
    """The transaction at an index: every node needed, named by the one before, in its one form."""
    demand(0 <= index < 2**32 and 1 <= len(path) <= 12, 'index or path')
    rest, key, wanted, after_extension, first = list(path), key_of(index), root, False, True
    while True:
        if isinstance(wanted, list):
            demand(len(rlp_encode(wanted)) < 32, 'embedded node')
            node = wanted
        else:
            demand(len(wanted) == 32 and rest and keccak256(rest[0]) == wanted, 'node')
            demand(first or len(rest[0]) >= 32, 'short node')
            node = items_of(rlp_decode(rest.pop(0), 5))
        first = False
        if len(node) == 17:
            demand(node[16] == b'' and sum(len(child) > 0 for child in node[:16]) >= 2 and key, 'branch')
            wanted, key, after_extension = node[key[0]], key[1:], False
            continue
        demand(len(node) == 2 and not after_extension and text(node[0]), 'short node')
        digits = nibbles(node[0])
        flag = digits.pop(0)
        demand(flag < 4 and (flag % 2 or digits.pop(0) == 0), 'key part')
        demand(key[:len(digits)] == digits, 'other index')
        key = key[len(digits):]
        if flag >= 2:
            demand(not key and not rest and text(node[1]), 'leaf')
            return node[1]
        demand(digits, 'extension')
        wanted, after_extension = node[1], True


# ---- attestation ------------------------------------------------------------------------------------------------------

MEMBERS = {'chainId', 'genesis', 'block', 'header', 'index', 'transaction', 'path'}


def from_base64(value, limit):
    demand(isinstance(value, str) and len(value) <= (limit + 2) // 3 * 4, 'base64')
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused('base64') from error
    demand(base64.b64encode(data).decode() == value, 'canonical base64')
    return data


def is_hash(value):
    return isinstance(value, str) and len(value) == 64 and not set(value) - set('0123456789abcdef')


def is_whole(value, least, below):
    """JSON numbers are doubles: 1.0 is a whole number, -0 is not from 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or not least <= value < below:
        return False
    return value == int(value) and str(value)[0] != '-'


def read_attestation(value):
    demand(isinstance(value, dict) and set(value) == MEMBERS, 'members')
    demand(is_whole(value['chainId'], 1, 2**53) and is_whole(value['index'], 0, 2**32), 'numbers')
    demand(is_hash(value['genesis']) and is_hash(value['block']), 'hashes')
    demand(isinstance(value['path'], list) and 1 <= len(value['path']) <= 12, 'path')
    return {
        'chainId': int(value['chainId']), 'index': int(value['index']),
        'genesis': value['genesis'], 'block': value['block'],
        'header': from_base64(value['header'], 16384), 'transaction': from_base64(value['transaction'], 16384),
        'path': [from_base64(node, 16448) for node in value['path']],
    }


def verify_attestation(attestation, root):
    """Height, time in milliseconds and hash of the block that a read attestation leads to. Raises Refused."""
    transactions_root, height, time = read_header(attestation['header'])
    demand(keccak256(attestation['header']).hex() == attestation['block'], 'block hash')
    proved = prove(transactions_root, attestation['index'], attestation['path'])
    demand(proved == attestation['transaction'], 'transaction')
    chain, to, given = read_transaction(proved)
    demand(chain == attestation['chainId'] and to and given == root, 'chain, receiver or root')
    return height, time, attestation['block']


# ---- making one -------------------------------------------------------------------------------------------------------

NAMES = [
    'parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom', 'difficulty',
    'number', 'gasLimit', 'gasUsed', 'timestamp', 'extraData', 'mixHash', 'nonce', 'baseFeePerGas', 'withdrawalsRoot',
    'blobGasUsed', 'excessBlobGas', 'parentBeaconBlockRoot', 'requestsHash', 'blockAccessListHash',
    'slotNumber',
]
QUANTITIES = {
    'difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas', 'blobGasUsed', 'excessBlobGas',
    'slotNumber',
}


def header_of(block):
    fields = []
    for name in NAMES:
        if block.get(name) is None:
            continue
        value = block[name][2:]
        fields.append(big_endian(int(value, 16)) if name in QUANTITIES else bytes.fromhex(value))
    return rlp_encode(fields)


def make_attestation(chain_id, genesis, block, transactions, index):
    """`block` as eth_getBlockByNumber shows it, `transactions` its serialised transactions in order."""
    header = header_of(block)
    root, path = build_trie(transactions, index)
    demand('0x' + keccak256(header).hex() == block['hash'], 'header hash')
    demand('0x' + root.hex() == block['transactionsRoot'], 'transactions root')
    encode = lambda data: base64.b64encode(data).decode()  # noqa: E731
    return {
        'chainId': chain_id, 'genesis': genesis[2:], 'block': block['hash'][2:], 'header': encode(header), 'index': index,
        'transaction': encode(transactions[index]), 'path': [encode(node) for node in path],
    }


def main():
    for line in sys.stdin:
        case = json.loads(line)
        try:
            answer = verify_attestation(read_attestation(case['attestation']), bytes.fromhex(case['root']))
        except Refused:
            answer = None
        print(json.dumps(answer))


if __name__ == '__main__':
    main()
