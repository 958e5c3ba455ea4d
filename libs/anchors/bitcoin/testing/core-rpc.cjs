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

/** Error number for a call that does not exist. */
const METHOD_NOT_FOUND = -32601;
/** What Bitcoin Core demands on top of what a replacement replaces, in satoshis for 1000 virtual bytes. */
const INCREMENT_RATE = 1000;
/** Confirmations that a coinbase needs before it can be spent. */
const MATURITY = 101;
/** The newest block may be this old, in seconds, for the chain to count as downloaded, once and for all. */
const MAX_TIP_AGE = 24 * 60 * 60;
/** Blocks whose transactions return to the memory pool when they are invalidated at once; those of deeper ones are dropped. */
const MAX_RETURNED_BLOCKS = 10;
/** Highest fee rate that is sent unless a call says otherwise, in bitcoins for 1000 virtual bytes. */
const MAX_FEE_RATE = '0.10';

exports.id = 'core-rpc';

exports.init = (node) => {
  const { chain, mempool, miner, network, rpc } = node;
  let isDownloading = true;
  /** Blocks that were invalidated, oldest first, by the hash of the oldest. */
  const invalidated = new Map();
  /** The wallet that a request's path names. */
  const named = new AsyncLocalStorage();
  const bcoins = { ...rpc.calls };
  const original = (method, ...args) => bcoins[method].call(rpc, args, false);
  const wdb = () => node.require('walletdb').wdb;
  const wallet = async () => {
    const name = named.getStore();
    if (name === undefined && (await wdb().getWallets()).length > 1)
      fail(-19, 'Multiple wallets are loaded. Please select which wallet to use through the /wallet/<walletname> path');
    return (await wdb().get(name ?? 'primary')) ?? fail(-18, 'Requested wallet does not exist or is not loaded');
  };
  const isLocked = ({ master }) => master.encrypted && !master.aesKey;

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
      if (network.now() - chain.tip.time < MAX_TIP_AGE) isDownloading = false;
      return { ...(await original('getblockchaininfo')), initialblockdownload: isDownloading };
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
    async createwallet([id, , , passphrase]) {
      const own = await wdb().create({ id, witness: true });
      if (passphrase) await own.encrypt(passphrase);
      return { name: id };
    },
    async walletpassphrase([passphrase, timeout]) {
      await (await wallet()).unlock(passphrase, timeout);
      return null;
    },
    async getwalletinfo() {
      const own = await wallet();
      const { encrypted, until } = own.master;
      // Not in the middle of a block.
      (await wdb().txLock.lock())();
      const tip = await wdb().getTip();
      const lastprocessedblock = { hash: reversed(tip.hash), height: tip.height };
      const lock = encrypted ? { unlocked_until: isLocked(own) ? 0 : until } : {};
      return { walletname: own.id, private_keys_enabled: true, scanning: false, ...lock, lastprocessedblock };
    },
    async getnewaddress() {
      return (await (await wallet()).createReceive()).getAddress().toString(node.network);
    },
    async getmempoolentry([txid]) {
      return mempool.getEntry(reversed(txid))
        ? original('getmempoolentry', txid)
        : fail(-5, 'Transaction not in mempool');
    },
    gettxspendingprevout([outpoints]) {
      return outpoints.map(({ txid, vout }) => {
        const spender = mempool.getSpent(reversed(txid), vout);
        return { txid, vout, ...(spender ? { spendingtxid: spender.tx.txid() } : {}) };
      });
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
        // Without `spendable`, which Bitcoin Core means to drop.
        listed.push({ txid: coin.txid(), vout: coin.index, amount: btc(coin.value), confirmations });
      }
      return listed;
    },
    async fundrawtransaction([hex, { feeRate, changePosition = 0, add_inputs: mayAdd = true }]) {
      if (mayAdd) fail(-32602, 'This node funds transactions from the given inputs only');
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
      if (isLocked(own)) fail(-13, 'Error: Please enter the wallet passphrase with walletpassphrase first.');
      const mtx = await withCoins(own, hex);
      await own.sign(mtx);
      const errors = [];
      for (const { prevout } of mtx.inputs) {
        const { hash, index } = prevout;
        if (mempool.getCoin(hash, index) || (await chain.getCoin(hash, index))) continue;
        errors.push({ txid: prevout.txid(), vout: index, error: 'Input not found or already spent' });
      }
      const raw = mtx.toRaw().toString('hex');
      return errors.length > 0 ? { hex: raw, complete: false, errors } : { hex: raw, complete: mtx.verify() };
    },
    async sendrawtransaction([hex, maxFeeRate = MAX_FEE_RATE]) {
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
      const most = Amount.value(String(maxFeeRate));
      const paid = tx.getFee(await mempool.getCoinView(tx));
      if (most > 0 && paid > (most * tx.getVirtualSize()) / 1000)
        fail(-25, 'Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)');
      if (replaced.size > 0) {
        const entries = [...replaced];
        if (!entries.every((entry) => entry.tx.isRBF())) fail(-26, 'txn-mempool-conflict');
        const least =
          entries.reduce((sum, entry) => sum + entry.descFee, 0) +
          Math.ceil((INCREMENT_RATE * tx.getVirtualSize()) / 1000);
        if (paid < least)
          fail(-26, `insufficient fee, rejecting replacement ${tx.txid()}, not enough additional fees to relay`);
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
    /** What the chain loses returns to the memory pool, which bcoin would empty. */
    async invalidateblock([hash]) {
      const entry = await chain.getEntry(reversed(hash));
      if (!entry) fail(-5, 'Block not found');
      if (!(await chain.isMainChain(entry))) return original('invalidateblock', hash);
      const blocks = [];
      for (let height = entry.height; height <= chain.height; height++) blocks.push(await chain.getBlock(height));
      const waiting = [...mempool.map.values()].sort((a, b) => a.time - b.time).map(({ tx }) => tx);
      await original('invalidateblock', hash);
      invalidated.set(hash, blocks);
      const returned = blocks.slice(-MAX_RETURNED_BLOCKS).flatMap(({ txs }) => txs.filter((tx) => !tx.isCoinbase()));
      for (const tx of [...returned, ...waiting]) {
        // What spends coins that are no longer there, or immature again, does not return.
        await mempool.addTX(tx, -1).catch(() => undefined);
      }
      return null;
    },
    /** The blocks count again, and are the chain again if they have more work than it. */
    async reconsiderblock([hash]) {
      await original('reconsiderblock', hash);
      for (const block of invalidated.get(hash) ?? []) {
        chain.removeInvalid(block.hash());
        await chain.add(block);
      }
      invalidated.delete(hash);
      return null;
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

  // Bitcoin Core takes every call at a wallet's path, too, and sends errors with an HTTP status of their own.
  const { http } = node;
  http.use(async (request, response) => {
    const [isRpc, name] = /^\/(?:wallet\/([^/]+))?$/.exec(request.pathname) ?? [];
    if (request.method !== 'POST' || isRpc === undefined) return;
    const ask = () => rpc.call(request.body, request.query);
    const answer = await (name === undefined ? ask() : named.run(decodeURIComponent(name), ask));
    response.send(statusOf(answer), JSON.stringify(answer), 'application/json');
  });
  // Before bcoin's own hooks for calls and for paths, which are its last.
  http.stack.splice(-2, 0, http.stack.pop());

  return { open() {}, close() {} };
};

/** HTTP status of an answer; one to many calls has none of its own. */
function statusOf({ error }) {
  if (!error) return 200;
  return error.code === METHOD_NOT_FOUND ? 404 : 500;
}
