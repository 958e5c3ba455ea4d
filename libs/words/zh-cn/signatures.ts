import type { AuthorisationWords, SignatureWords, SignedThing } from '../agency-words.js';
import type { FindingSentences } from '../finding-words.js';

/** A thing that can be signed, as it stands in a sentence: by name, this one, and counted. */
type Named = { name: string; own: string; counted: (count: string) => string };

const NAMES: Record<SignedThing, Named> = {
  record: { name: '记录', own: '本记录', counted: (count) => `${count} 条记录` },
  event: { name: '变更', own: '本次变更', counted: (count) => `${count} 次状态变更` },
};

const signature = ({ counted, name, own }: Named): SignatureWords => ({
  alone: `签名出自其载明的密钥，且仅针对${own}。`,
  group: (count) => `签名出自其载明的密钥，一次签署 ${counted(count)}，${own}为其中之一。`,
  'bad-signature': `签名不符：${name}被改动，或由其他密钥签名。`,
  'bad-path': `${name}与其在合并签署的一组中所称的位置不符。`,
  'bad-registration': '用于表明密钥归属的内容自相矛盾，或与日志矛盾：可能已损坏或被改动。',
  noKey: `${name}带有机构的签名，但存证证明未载明密钥，因此无从核验。这并不表示签名有误。`,
});

const authorisation = ({ name, own }: Named): AuthorisationWords => ({
  passed: (agency, registeredAt, asOf) =>
    `日志已于 ${registeredAt}（早于${own}）将该密钥登记在 ${agency} 名下，截至 ${asOf} 未予终止。`,
  'other-agency': (agency) => `日志将该密钥登记在 ${agency} 名下，与${name}所称的机构不同。`,
  'registered-later': (registeredAt) => `日志于 ${registeredAt} 才登记该密钥，晚于${own}。`,
  'not-yet-valid': (from) => `该密钥登记的有效期自 ${from} 开始，${name}的接收时间早于此。`,
  expired: (until) => `该密钥登记的有效期至 ${until} 为止，${name}的接收时间晚于此。`,
  revoked: (since) => `该密钥已自 ${since} 起撤销，早于${name}的接收时间。`,
  'not-shown': '存证证明未表明该密钥属于该机构。',
  outdated: `存证证明所载的密钥状态，截止于${own}固化之前。`,
});

/** What is found of signatures by agencies' own keys. */
export const signatures: Pick<FindingSentences, 'agencySignature' | 'authorisation' | 'ofEntry'> = {
  agencySignature: { record: signature(NAMES.record), event: signature(NAMES.event) },
  authorisation: { record: authorisation(NAMES.record), event: authorisation(NAMES.event) },
  ofEntry: (entry, sentence) => `日志第 ${entry} 号条目：${sentence}`,
};
