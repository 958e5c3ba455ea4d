import type { ChainWords } from '../chain-words.js';

/** Chains, their blocks, and the sources that show them. */
export const chains: ChainWords = {
  names: {
    bitcoin: '比特幣區塊鏈',
    'bitcoin-test': (network) => `比特幣 ${network} 測試鏈`,
    known: (id, name) => `鏈 ${id}（${name}）`,
    test: (id) => `開發測試鏈（鏈 ${id}）`,
    impostor: (id, name) => `使用 ${name} 的編號（${id}）但並非該鏈的鏈`,
    numbered: (id) => `鏈 ${id}`,
    other: (text) => `鏈「${text}」`,
  },
  bitcoinBlock: (height) => `比特幣第 ${height} 號區塊`,
  blockOf: (height, chain) => `${chain}的第 ${height} 號區塊`,
  clocks: { bitcoin: '礦工設定的時間，可能有兩小時誤差', evm: '出塊節點的時間' },
  finality: {
    final: '該區塊已達最終確認。',
    confirmed: '該區塊尚未達最終確認，仍可能被所屬的鏈替換。',
    unknown: '無法確認該區塊是否已達最終確認。',
  },
  shownBy: (sources) => `資料來源：${sources}。`,
  notCounted: '測試鏈不予採計，故此項未計入。',
  undecided: {
    contradicted: '各資料來源互相矛盾',
    absent: '據各資料來源，該鏈還沒有該高度的區塊',
    'no-answer': '沒有資料來源給出可用的回覆',
    'not-asked': '沒有可詢問的資料來源',
  },
  shownWere: (blocks) => `所示區塊：${blocks}。`,
  shownBlock: ({ sources, hash, time }) => `${sources}：${hash}，${time}`,
  silent: (sources) => `未計入：${sources}。`,
  silentSource: (source, reason) => `${source}（${reason}）`,
  silence: {
    unreachable: '無法連線',
    contradicted: '它自己的資料來源互相矛盾',
    'unknown-chain': '未說明屬於哪條鏈',
    'no-such-block': '沒有該高度的區塊',
    'bad-answer': '回覆不可能正確',
    'other-chain': '屬於另一條鏈',
    unpinned: '區塊標頭檔，無從確認屬於該鏈',
  },
};
