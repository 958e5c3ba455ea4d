import { anchorKind, beaconChainName, isTestChain, textOf } from './anchor-data.js';
import type { CheckData, CheckWords, Format } from './catalogue.js';

/** A chain as the check names it. Names of chains are the same in every language, what is said around them is not. */
function chainOf(data: CheckData): string {
  return textOf(data, 'network')
    .replace('a development chain', '开发用链')
    .replace(/\bchain (\d+)/, '链 $1');
}

/** Names the block with its chain and height when the check has them. */
function block(data: CheckData, format: Format): string {
  const height = data['height'];
  const number = typeof height === 'number' ? ` ${format.number(height)}` : '';
  if (anchorKind(data) === 'evm') return ` ${chainOf(data) || '该链'} 的区块${number}`;
  return `比特币区块${number}`;
}

const FINALITY: Record<string, string> = {
  final: '该区块已是最终确认。',
  confirmed: '该区块尚未最终确认，仍有可能被链替换。',
};

/** By when the root existed, and whose clock says so. */
function existence(data: CheckData, format: Format): string {
  if (data['time'] === undefined) return '';
  const clock = anchorKind(data) === 'evm' ? '出块方的时钟' : '矿工的时钟，可能有两小时偏差';
  return `，因此不晚于 ${format.date(textOf(data, 'time'))} 已存在（依据${clock}）`;
}

function stamped(data: CheckData, format: Format): string {
  const expired =
    data['expired'] === 'yes'
      ? `该机构的证书此后已到期（${format.date(textOf(data, 'expiresAt'))}），这不影响时间戳的效力。`
      : '';
  const revocation =
    data['revocation'] === 'unknown'
      ? '其证书当时是否已被吊销不得而知。'
      : data['revokedLater'] === undefined
        ? ''
        : '其证书后来被吊销，但吊销原因不影响该时间戳。';
  return `${textOf(data, 'authority') || '时间戳机构'} 依其自身时钟于 ${format.date(textOf(data, 'time'))} 对日志检查点签署了时间戳。${expired}${revocation}其根证书在本页面所属服务信任的根证书之列，您可在别处比对其指纹。`;
}

/** The anchors of a proof, each kind in its own words. */
export const zhCnAnchor: CheckWords = {
  title: (data) => {
    const kind = anchorKind(data);
    if (kind === 'rfc3161') return '时间由时间戳机构签署';
    return kind === 'evm'
      ? `时间已锚定在 ${chainOf(data) || '区块链'}`
      : `时间已锚定在比特币${isTestChain(data) ? '测试链' : '区块链'}`;
  },
  sentences: {
    passed: (data, format) => {
      if (anchorKind(data) === 'rfc3161') return stamped(data, format);
      const supplied = anchorKind(data) === 'evm' ? '区块哈希' : '区块头';
      const test = isTestChain(data) ? `该链（${chainOf(data)}）仅供测试，在测试之外不证明任何事项。` : '';
      return `日志的根已写入${block(data, format)}${existence(data, format)}。${FINALITY[textOf(data, 'finality')] ?? ''}${supplied}由 ${data['source'] ?? '服务'} 提供，您可在别处自行比对。${test}`;
    },
    failed: (data, format) => {
      if (data['reason'] === 'other-root') return `日志的根不在${block(data, format)}中，与证明所称不符。`;
      if (data['reason'] === 'other-block')
        return `链上${block(data, format)}与该锚定所指的不是同一区块：它在链重组中丢失，或从未在链上。`;
      if (anchorKind(data) === 'rfc3161') return '该时间戳不成立，不能证明任何事项。';
      if (data['reason'] === 'unsupported-type') return '该锚定的类型无法核验。';
      return '该锚定格式错误，不能证明任何事项。';
    },
    pending: ({ reason, calendar }) =>
      reason === 'promised'
        ? `日历服务 ${calendar ?? ''} 已接收日志的根，将把它写入比特币区块，通常需要数小时。`
        : '据该证明所知，日志的根即将提交给各锚定方。',
    unavailable: (data, format) => {
      const { reason } = data;
      if (reason === 'no-crypto') return '本页面未通过安全连接加载，浏览器因此无法核验时间戳。请使用下方的步骤。';
      if (reason === 'no-verifier') return '无法加载本页面用于核验时间戳的部分。请稍后重试。';
      if (reason === 'roots-away')
        return `${textOf(data, 'authority') || '时间戳机构'} 已对日志检查点签署时间戳。目前无法获取服务所信任的机构名单，因此未核验。请稍后重试，或在别处比对根证书指纹。`;
      if (anchorKind(data) === 'rfc3161')
        return `${textOf(data, 'authority') || '时间戳机构'} 已对日志检查点签署时间戳，但服务未列出其根证书，因此此处无从得知该机构是否可信。您可在别处比对根证书指纹。`;
      if (reason === 'sources-disagree') return `${block(data, format)}的各数据来源相互矛盾，因此未对此锚定作出结论。`;
      if (anchorKind(data) === 'evm' && (reason === 'no-source' || reason === 'other-chain'))
        return `服务没有该链的节点，因此未查询${block(data, format)}。您可在别处比对其哈希。`;
      return `无法获取${block(data, format)}，因此未核验此锚定。请稍后重试，或在别处比对该区块。`;
    },
    'not-applicable': '该证明没有可核验的锚定。',
  },
};

const UNSEEN_BEACON: Record<string, string> = {
  'sources-disagree': '各数据来源对该批次写入的区块说法相互矛盾',
  'no-source': '服务没有该批次写入的区块所在链的数据来源',
  'unknown-chain': '该批次写入的区块所在的链，本页面无法核验',
};

/** The block that a batch names. */
export const zhCnBeacon: CheckWords = {
  title: '批次不早于已知区块',
  sentences: {
    passed: (data, format) => {
      const height = typeof data['height'] === 'number' ? format.number(data['height']) : '';
      return `该批次写入了 ${beaconChainName(data) || '比特币'} 的区块 ${height}，其哈希无人能够预知，因此批次封存于该区块之后。区块由 ${data['source'] ?? '服务'} 提供，您可在别处自行比对。`;
    },
    failed: '该批次写入的区块不在相应的链上，因此无法说明批次的最早时间。',
    pending: '尚未查询该批次写入的区块。',
    unavailable: ({ reason }) =>
      `${UNSEEN_BEACON[String(reason)] ?? '目前无法获取该批次写入的区块'}；这不影响最晚时间的证明。`,
    'not-applicable': '该批次未写入区块，因此只证明最晚时间。',
  },
};
