"""Recomputes attestations by an EVM chain from what a node's JSON-RPC shows, and nothing else.

    recompute.py <RPC URL> <transaction hash> <root in hex>

prints the attestation of that transaction as canonical JSON, made of eth_chainId, eth_getTransactionByHash,
eth_getBlockByNumber and eth_getRawTransactionByHash, after verifying it.
"""

import json
import sys
import urllib.request

sys.dont_write_bytecode = True

import ethereum  # noqa: E402


def call(url, method, *params):
    body = json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': method, 'params': params}).encode()
    request = urllib.request.Request(url, body, {'content-type': 'application/json'})
    with urllib.request.urlopen(request, timeout=30) as response:
        answer = json.load(response)
    if answer.get('error'):
        raise SystemExit(f"{method}: {answer['error']}")
    return answer['result']


def main():
    url, transaction_hash, root = sys.argv[1:]
    chain_id = int(call(url, 'eth_chainId'), 16)
    found = call(url, 'eth_getTransactionByHash', transaction_hash)
    block = call(url, 'eth_getBlockByNumber', found['blockNumber'], False)
    genesis = call(url, 'eth_getBlockByNumber', '0x0', False)['hash']
    raw = [bytes.fromhex(call(url, 'eth_getRawTransactionByHash', each)[2:]) for each in block['transactions']]
    index = block['transactions'].index(transaction_hash)
    attestation = ethereum.make_attestation(chain_id, genesis, block, raw, index)
    ethereum.verify_attestation(ethereum.read_attestation(attestation), bytes.fromhex(root))
    # Names and values are ASCII and the numbers whole, so sorting and dropping spaces is RFC 8785.
    print(json.dumps(attestation, sort_keys=True, separators=(',', ':')), end='')


if __name__ == '__main__':
    main()
