import type { AuthorisationWords, SignatureWords, SignedThing } from '../agency-words.js';
import type { FindingSentences } from '../finding-words.js';

/** A thing that can be signed, as it stands in a sentence: by name, this one, and counted. */
type Named = { name: string; own: string; counted: (count: string) => string };

const NAMES: Record<SignedThing, Named> = {
  record: { name: '紀錄', own: '這筆紀錄', counted: (count) => `${count} 筆紀錄` },
  event: { name: '變更', own: '這次變更', counted: (count) => `${count} 次狀態變更` },
};

const signature = ({ counted, name, own }: Named): SignatureWords => ({
  alone: `簽章出自所載明的金鑰，而且只針對${own}。`,
  group: (count) => `簽章出自所載明的金鑰，一次簽署 ${counted(count)}，${own}是其中之一。`,
  'bad-signature': `簽章不符：${name}遭到更動，或由別的金鑰簽章。`,
  'bad-path': `${name}與它在合併簽署的一組中所稱的位置不合。`,
  'bad-registration': '用來說明金鑰屬於誰的內容自相矛盾，或與日誌矛盾：可能已經損壞或遭到更動。',
  noKey: `${name}帶有機關的簽章，但存證證明沒有載明金鑰，因此無從驗證。這並不表示簽章有誤。`,
});

const authorisation = ({ name, own }: Named): AuthorisationWords => ({
  passed: (agency, registeredAt, asOf) =>
    `日誌已於 ${registeredAt}（早於${own}）把該金鑰登錄在 ${agency} 名下，到 ${asOf} 為止沒有終止。`,
  'other-agency': (agency) => `日誌把該金鑰登錄在 ${agency} 名下，與${name}所稱的機關不同。`,
  'registered-later': (registeredAt) => `日誌在 ${registeredAt} 才登錄該金鑰，晚於${own}。`,
  'not-yet-valid': (from) => `該金鑰登錄的有效期間自 ${from} 開始，${name}的收件時間更早。`,
  expired: (until) => `該金鑰登錄的有效期間至 ${until} 為止，${name}的收件時間更晚。`,
  revoked: (since) => `該金鑰自 ${since} 起已撤銷，早於${name}的收件時間。`,
  'not-shown': '存證證明沒有說明該金鑰屬於該機關。',
  outdated: `存證證明所載的金鑰狀態，只到${own}寫入之前。`,
});

/** What is found of signatures by agencies' own keys. */
export const signatures: Pick<FindingSentences, 'agencySignature' | 'authorisation' | 'ofEntry'> = {
  agencySignature: { record: signature(NAMES.record), event: signature(NAMES.event) },
  authorisation: { record: authorisation(NAMES.record), event: authorisation(NAMES.event) },
  ofEntry: (entry, sentence) => `日誌第 ${entry} 號項目：${sentence}`,
};
