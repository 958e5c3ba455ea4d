// A bcoin plugin that answers those JSON-RPC calls of Bitcoin Core that bcoin lacks or answers differently, and replaces transactions
// of the memory pool (BIP 125), which bcoin cannot. It runs inside the bcoin process, hence CommonJS. What a program finds here it finds
// at Bitcoin Core's RPC: the same names, parameters, members of the answer and error numbers.
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const { Amount, MTX, Output, TX } = require('bcoin');
const { RPCError } = require('bweb');

const reversed = (hex) => Buffer.from(hex, 'hex').reverse().toString('hex');
const btc = (sats) => Amount.btc(sats, true);
const fail = (code, message) => {
  throw new RPCError(code, message);
};

/** What Bitcoin Core demands on top of what a replacement replaces, in satoshis for 1000 virtual bytes. */
const INCREMENT_RATE = 1000;
/** Confirmations that a coinbase needs before it can be spent. */
const MATURITY = 101;

exports.id = 'core-rpc';

exports.init = (node) => {
  const { chain, mempool, miner, rpc } = node;
  /** The wallet that a request's path names. */
  const named = new AsyncLocalStorage();
  const bcoins = { ...rpc.calls };
  const original = (method, ...args) => bcoins[method].call(rpc, args, false);
  const wdb = () => node.require('walletdb').wdb;
  const wallet = async () =>
    (await wdb().get(named.getStore() ?? 'primary')) ?? fail(-18, 'Requested wallet does not exist or is not loaded');

  /** The transaction with the coins that it spends, as far as the wallet knows them. */
  const withCoins = async (own, hex) => {
    const mtx = MTX.fromRaw(Buffer.from(hex, 'hex'));
    for (const { prevout } of mtx.inputs) {
      const coin = await own.getCoin(prevout.hash, prevout.index);
      if (coin) mtx.view.addCoin(coin);
    }
    return mtx;
  };

  const calls = {
    async getblockchaininfo() {
      return { ...(await original('getblockchaininfo')), initialblockdownload: false };
    },
    async getnetworkinfo() {
      return { ...(await original('getnetworkinfo')), incrementalfee: btc(INCREMENT_RATE) };
    },
    estimatesmartfee([blocks]) {
      return { errors: ['Insufficient data or no feerate found'], blocks };
    },
    createrawtransaction([inputs, outputs, lockTime = 0]) {
      return original(
        'createrawtransaction',
        inputs,
        Array.isArray(outputs) ? Object.assign({}, ...outputs) : outputs,
        lockTime,
      );
    },
    async createwallet([id]) {
      await wdb().create({ id, witness: true });
      return { name: id, warning: '' };
    },
    async getnewaddress() {
      return (await (await wallet()).createReceive()).getAddress().toString(node.network);
    },
    async getmempoolentry([txid]) {
      return mempool.getEntry(reversed(txid))
        ? original('getmempoolentry', txid)
        : fail(-5, 'Transaction not in mempool');
    },
    async gettransaction([txid]) {
      const found = await (await wallet()).getTX(reversed(txid));
      if (!found) return fail(-5, 'Invalid or non-wallet transaction id');
      const { tx, height, block } = found;
      const hex = tx.toRaw().toString('hex');
      if (height === -1) return { txid, hex, confirmations: 0 };
      return { txid, hex, confirmations: chain.height - height + 1, blockhash: reversed(block), blockheight: height };
    },
    async listunspent([least = 1, most = 9999999, , unsafe = true]) {
      const own = await wallet();
      const listed = [];
      for (const coin of await own.getCoins()) {
        const confirmations = coin.height === -1 ? 0 : chain.height - coin.height + 1;
        if (confirmations < least || confirmations > most || own.isLocked(coin)) continue;
        if (coin.coinbase && confirmations < MATURITY) continue;
        if (!unsafe && confirmations === 0) {
          // Unconfirmed money is safe when the wallet sent it to itself.
          const { tx } = await own.getTX(coin.hash);
          if (!(await own.getPath(tx.inputs[0].getHash()))) continue;
        }
        listed.push({ txid: coin.txid(), vout: coin.index, amount: btc(coin.value), confirmations, spendable: true });
      }
      return listed;
    },
    async fundrawtransaction([hex, { feeRate, changePosition = 0, add_inputs: mayAdd = true }]) {
      if (mayAdd) fail(-32602, 'The sandbox funds transactions from the given inputs only');
      const own = await wallet();
      const mtx = await withCoins(own, hex);
      const change = new Output();
      change.script.fromAddress(await own.changeAddress());
      mtx.outputs.splice(changePosition, 0, change);
      // The size shows once it is signed; a signature may come out longer than the one tried here.
      const trial = MTX.fromRaw(mtx.toRaw());
      trial.view = mtx.view;
      await own.sign(trial);
      const size = trial.toTX().getVirtualSize() + 2 * mtx.inputs.length;
      const fee = Math.ceil((Amount.value(String(feeRate)) * size) / 1000);
      change.value = mtx.getInputValue() - (mtx.getOutputValue() - change.value) - fee;
      if (change.value < 0) fail(-4, 'The preselected coins total amount does not cover the transaction target');
      return { hex: mtx.toRaw().toString('hex'), fee: btc(fee), changepos: changePosition };
    },
    async signrawtransactionwithwallet([hex]) {
      const own = await wallet();
      const mtx = await withCoins(own, hex);
      await own.sign(mtx);
      return { hex: mtx.toRaw().toString('hex'), complete: mtx.verify() };
    },
    async sendrawtransaction([hex]) {
      const tx = TX.fromRaw(Buffer.from(hex, 'hex'));
      if (mempool.has(tx.hash('hex'))) return tx.txid();
      if (await chain.hasCoins(tx)) fail(-27, 'Transaction outputs already in utxo set');
      const replaced = new Set();
      for (const { prevout } of tx.inputs) {
        const known =
          mempool.getCoin(prevout.hash, prevout.index) ?? (await chain.getCoin(prevout.hash, prevout.index));
        if (!known) fail(-25, 'bad-txns-inputs-missingorspent');
        const spender = mempool.getSpent(prevout.hash, prevout.index);
        if (spender) replaced.add(spender);
      }
      if (replaced.size > 0) {
        const entries = [...replaced];
        if (!entries.every((entry) => entry.tx.isRBF())) fail(-26, 'txn-mempool-conflict');
        const fee = tx.getFee(await mempool.getCoinView(tx));
        const least =
          entries.reduce((sum, entry) => sum + entry.descFee, 0) +
          Math.ceil((INCREMENT_RATE * tx.getVirtualSize()) / 1000);
        if (fee < least) fail(-26, `insufficient fee, rejecting replacement ${tx.txid()}; ${btc(fee)} < ${btc(least)}`);
        for (const entry of entries) mempool.evictEntry(entry);
      }
      try {
        await mempool.addTX(tx, -1);
      } catch (error) {
        for (const { tx: old } of replaced) await mempool.addTX(old, -1);
        fail(-26, error.reason ?? error.message);
      }
      // Bitcoin Core answers once the wallet knows, too.
      await wdb().addTX(tx);
      return tx.txid();
    },
    /** Mines one block with exactly these transactions (ids in the memory pool, or raw). */
    async generateblock([address, transactions]) {
      const chosen = [];
      for (const text of transactions) {
        const tx = text.length === 64 ? mempool.getTX(reversed(text)) : TX.fromRaw(Buffer.from(text, 'hex'));
        if (!tx) fail(-5, `Transaction ${text} not in mempool`);
        const view = await mempool.getCoinView(tx);
        chosen.push({ tx, view });
      }
      const assemble = miner.assemble;
      miner.assemble = (attempt) => {
        for (const { tx, view } of chosen) attempt.pushTX(tx, view);
        attempt.refresh();
      };
      try {
        const [hash] = await original('generatetoaddress', 1, address);
        return { hash };
      } finally {
        miner.assemble = assemble;
      }
    },
  };
  for (const [name, answer] of Object.entries(calls)) rpc.calls[name] = async (params) => answer(params);

  // Bitcoin Core takes every call at a wallet's path, too.
  node.http.use(async (request, response) => {
    const [, name] = /^\/wallet\/([^/]+)$/.exec(request.pathname) ?? [];
    if (request.method !== 'POST' || name === undefined) return;
    const answer = await named.run(decodeURIComponent(name), () => rpc.call(request.body, request.query));
    response.send(200, JSON.stringify(answer), 'application/json');
  });

  return { open() {}, close() {} };
};
