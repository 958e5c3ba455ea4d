import type { ChainWords } from '../chain-words.js';

/** Chains, their blocks, and the sources that show them. */
export const chains: ChainWords = {
  names: {
    bitcoin: '比特币区块链',
    'bitcoin-test': (network) => `比特币 ${network} 测试链`,
    known: (id, name) => `链 ${id}（${name}）`,
    test: (id) => `开发测试链（链 ${id}）`,
    impostor: (id, name) => `使用 ${name} 的编号（${id}）但并非该链的链`,
    numbered: (id) => `链 ${id}`,
    other: (text) => `链“${text}”`,
  },
  bitcoinBlock: (height) => `比特币第 ${height} 号区块`,
  blockOf: (height, chain) => `${chain}的第 ${height} 号区块`,
  clocks: { bitcoin: '矿工设定的时间，可能有两小时偏差', evm: '出块节点时间' },
  finality: {
    final: '该区块已最终确认。',
    confirmed: '该区块尚未最终确认，仍可能被其所在的链替换。',
    unknown: '无法确认该区块是否已最终确认。',
  },
  shownBy: (sources) => `数据来源：${sources}。`,
  notCounted: '测试链不予采信，故该项未计入。',
  undecided: {
    contradicted: '各数据来源相互矛盾',
    absent: '据各数据来源，该链尚无该高度的区块',
    'no-answer': '没有数据来源给出可用的答复',
    'not-asked': '没有可查询的数据来源',
  },
  shownWere: (blocks) => `所示区块：${blocks}。`,
  shownBlock: ({ sources, hash, time }) => `${sources}：${hash}，${time}`,
  silent: (sources) => `未计入：${sources}。`,
  silentSource: (source, reason) => `${source}（${reason}）`,
  silence: {
    unreachable: '无法连接',
    contradicted: '其自身的数据来源相互矛盾',
    'unknown-chain': '未说明属于哪条链',
    'no-such-block': '没有该高度的区块',
    'bad-answer': '答复不可能正确',
    'other-chain': '属于另一条链',
    unpinned: '区块头文件，无法确认属于该链',
  },
};
