import type { StatusWords } from '../status-words.js';

/** What has become of a record, and as of when. */
export const status: StatusWords = {
  asOf: {
    time: (time) => `以上狀態截至 ${time}。`,
    words: {
      batch: '截至該時間日誌中沒有其他變更，是日誌營運者簽章的說法。',
      clock: '截至該時間日誌中沒有其他變更，是日誌自己的時鐘簽章的說法。',
      witness: (name) => `該狀態是當時日誌的最新狀態，是見證者 ${name} 的說法。`,
    },
    age: (span) => `該狀態距所查詢的時間：${span}。`,
    boundBy: (time, place) => `日誌最晚自 ${time} 起已受該狀態拘束，依據：${place}。`,
    closedAfter: (time) => `該狀態所依據的批次在 ${time}（其載明的區塊的時間）之後寫入。`,
  },
  answers: {
    active: (asOf) => `是，截至 ${asOf}，日誌中沒有相反的記載。`,
    reactivated: (since) => `曾經停止效力，自 ${since} 起恢復。`,
    stale: (asOf, maxAge) => `無法確認：證明中的狀態截至 ${asOf}，已超過 ${maxAge} 的期限。`,
    ahead: (asOf) => `無法確認：證明中的狀態自稱截至 ${asOf}，而該時間尚未到來。`,
    changed: {
      revoked: (since) => `否，已遭撤銷，自 ${since} 起生效。`,
      suspended: (since) => `否，自 ${since} 起停止效力。`,
      superseded: (since) => `否，已由新紀錄取代，自 ${since} 起生效。`,
      consumed: (since) => `否，已於 ${since} 核銷，且只能使用一次。`,
    },
  },
  change: {
    reason: (code) => `機關載明的原因：${code}。`,
    successor: (id) => `由紀錄 ${id} 取代。`,
    agency: (name) => `核銷機關是 ${name}。`,
    who: {
      agency: '這項變更由機關自己的金鑰簽章，該金鑰當時已獲授權。',
      log: '這項變更經由該機關的介面金鑰提交；變更由該機關提出一事，是日誌營運者的說法。',
    },
    received: (time) => `日誌收到此變更的時間是 ${time}，以日誌自己的時鐘為準。`,
  },
  root: {
    passed: (batch, records) => `批次 ${batch} 是該檢查點下的最後一個批次，其狀態涵蓋日誌的全部 ${records} 個項目。`,
    failed: {
      'other-root': '雜湊路徑無法從該批次連到檢查點的根。',
      'bad-path': '該批次的雜湊路徑與檢查點下的最後位置不合。',
      'other-origin': '狀態所依據的批次屬於另一個日誌。',
      'not-last': '該檢查點下還有後續的批次，可能載有其他內容。',
      'bad-first': '證明中的各批次對先前項目數量的記載互相矛盾。',
      'other-history': '證明載有同樣大小的日誌的兩種內容，其中必有一種不實。',
    },
  },
  leaf: {
    untouched: '日誌中從未登錄過這筆紀錄的狀態變更。',
    changed: (name) => `這筆紀錄的狀態是：${name}。`,
    failed: {
      'bad-ordinal': '形成該狀態時，日誌的長度還不足以包含這筆紀錄。',
      'bad-leaf': '所載的紀錄狀態不是可能出現的內容。',
      'bad-path': '雜湊路徑無法從這筆紀錄的狀態連到整個日誌的狀態。',
    },
  },
  history: {
    none: '沒有需要列明的變更。',
    event: (name, agency, effectiveAt, receivedAt) =>
      `${name}：自 ${effectiveAt} 起生效，由 ${agency} 作成；日誌收件時間 ${receivedAt}。`,
    complete: '以上是截至該狀態的全部變更，每一項都經證明位於日誌之中。',
    failed: {
      'other-root': '某項變更不在證明所稱的日誌位置。',
      'bad-path': '某項變更的雜湊路徑與證明所稱的日誌位置不合。',
      'other-statement': '某項變更的聲明與日誌所載不同。',
      'other-record': '某項變更屬於另一筆紀錄。',
      'other-agency': '某項變更由無權作成該變更的機關作成。',
      incomplete: '各項變更無法從登錄連貫地推到這筆紀錄的狀態：缺少某一項，或其中某一項不被允許。',
    },
  },
  cosignature: {
    clock: (time) => `日誌自己的時鐘於 ${time} 簽章載明該檢查點是最新的。`,
    witness: (name, time) => `見證者 ${name} 於 ${time} 對該檢查點簽章，作為其所見的最新檢查點。`,
    failed: '該名稱下的簽章與檢查點不符。',
  },
  age: {
    passed: (asOf, age, maxAge) => `狀態截至 ${asOf}，距今 ${age}；期限是 ${maxAge}。`,
    stale: (asOf, age, maxAge) => `狀態截至 ${asOf}，距今 ${age}，超過 ${maxAge} 的期限。此後的變化無法確認。`,
    ahead: (asOf) => `證明中的狀態自稱截至 ${asOf}，而該時間尚未到來：其時鐘或此處的時鐘有誤。`,
    noLimit: (asOf, age) => `狀態截至 ${asOf}，距今 ${age}。未訂期限。`,
  },
  names: {
    untouched: '未變更',
    active: '恢復有效',
    revoked: '已遭撤銷',
    suspended: '已停止效力',
    superseded: '已被取代',
    consumed: '已核銷',
  },
};
