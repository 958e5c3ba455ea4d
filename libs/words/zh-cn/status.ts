import type { StatusWords } from '../status-words.js';

/** What has become of a record, and as of when. */
export const status: StatusWords = {
  asOf: {
    time: (time) => `以上状态截至 ${time}。`,
    words: {
      batch: '截至该时间日志中没有其他变更，系日志运营者签名作出的陈述。',
      clock: '截至该时间日志中没有其他变更，系日志自身时钟签名作出的陈述。',
      witness: (name) => `该状态为当时日志的最新状态，系见证方 ${name} 的陈述。`,
    },
    age: (span) => `该状态距所查询的时间：${span}。`,
    boundBy: (time, place) => `日志最迟自 ${time} 起已受该状态约束，依据：${place}。`,
    closedAfter: (time) => `该状态所依据的批次在 ${time}（其写入的区块的时间）之后固化。`,
  },
  answers: {
    active: (asOf) => `是，截至 ${asOf}，日志中没有与之相反的记载。`,
    reactivated: (since) => `曾被中止，自 ${since} 起恢复。`,
    stale: (asOf, maxAge) => `无法确认：证明中的状态截至 ${asOf}，超过 ${maxAge} 的时限。`,
    ahead: (asOf) => `无法确认：证明中的状态称截至 ${asOf}，而该时间尚未到来。`,
    changed: {
      revoked: (since) => `否，已被撤销，自 ${since} 起生效。`,
      suspended: (since) => `否，自 ${since} 起中止。`,
      superseded: (since) => `否，已被新记录取代，自 ${since} 起生效。`,
      consumed: (since) => `否，已于 ${since} 核销，且只能使用一次。`,
    },
  },
  change: {
    reason: (code) => `机构载明的原因：${code}。`,
    successor: (id) => `由记录 ${id} 取代。`,
    agency: (name) => `核销机构为 ${name}。`,
    who: {
      agency: '该变更由机构自身的密钥签名，该密钥当时已获授权。',
      log: '该变更经该机构的接口密钥提交；变更由该机构作出，系日志运营者的陈述。',
    },
    received: (time) => `日志接收该变更的时间为 ${time}，以日志自身的时钟为准。`,
  },
  root: {
    passed: (batch, records) => `批次 ${batch} 是该检查点下的最后一个批次，其状态涵盖日志的全部 ${records} 个条目。`,
    failed: {
      'other-root': '哈希路径无法从该批次连接到检查点的根。',
      'bad-path': '该批次的哈希路径与检查点下的最后位置不符。',
      'other-origin': '状态所依据的批次属于另一日志。',
      'not-last': '该检查点下还有其后的批次，可能载有其他内容。',
      'bad-first': '证明中的各批次对此前条目数量的记载相互矛盾。',
      'other-history': '证明载有同一规模的日志的两种内容，其中必有一种不实。',
    },
  },
  leaf: {
    untouched: '日志中从未登记过该记录的状态变更。',
    changed: (name) => `该记录的状态为：${name}。`,
    failed: {
      'bad-ordinal': '形成该状态时，日志的长度尚不足以包含该记录。',
      'bad-leaf': '所载的记录状态不是可能出现的内容。',
      'bad-path': '哈希路径无法从该记录的状态连接到整个日志的状态。',
    },
  },
  history: {
    none: '没有需要列明的变更。',
    event: (name, agency, effectiveAt, receivedAt) =>
      `${name}：自 ${effectiveAt} 起生效，由 ${agency} 作出；日志接收时间 ${receivedAt}。`,
    complete: '以上是截至该状态的全部变更，每一项均经证明在日志中。',
    failed: {
      'other-root': '某项变更不在证明所称的日志位置。',
      'bad-path': '某项变更的哈希路径与证明所称的日志位置不符。',
      'other-statement': '某项变更的声明与日志所载不一致。',
      'other-record': '某项变更属于另一记录。',
      'other-agency': '某项变更由无权作出该变更的机构作出。',
      incomplete: '各项变更不能从登记连贯地推至该记录的状态：缺少某一项，或其中某一项不被允许。',
    },
  },
  cosignature: {
    clock: (time) => `日志自身的时钟于 ${time} 签名载明该检查点为最新。`,
    witness: (name, time) => `见证方 ${name} 于 ${time} 对该检查点签名，作为其所见的最新检查点。`,
    failed: '该名称下的签名与检查点不符。',
  },
  age: {
    passed: (asOf, age, maxAge) => `状态截至 ${asOf}，距今 ${age}；时限为 ${maxAge}。`,
    stale: (asOf, age, maxAge) => `状态截至 ${asOf}，距今 ${age}，超过 ${maxAge} 的时限。此后的变化无法确认。`,
    ahead: (asOf) => `证明中的状态称截至 ${asOf}，而该时间尚未到来：其时钟或此处的时钟有误。`,
    noLimit: (asOf, age) => `状态截至 ${asOf}，距今 ${age}。未规定时限。`,
  },
  names: {
    untouched: '未变更',
    active: '恢复有效',
    revoked: '已被撤销',
    suspended: '已中止',
    superseded: '已被取代',
    consumed: '已核销',
  },
};
