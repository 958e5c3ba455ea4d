import type { CommandLineWords } from '../command-line.js';
import { audit } from './audit.js';

/** What is said on the command line alone. */
export const commandLine: CommandLineWords = {
  audit,
  packs: {
    valid: (headers, from, to, chain) =>
      `${headers} 個區塊標頭依序相連，工作量均符合要求：${chain}第 ${from} 號至第 ${to} 號區塊。`,
    fetched: (file, { added, chain, from, newest, to }) =>
      `${file}：${chain}第 ${from} 號至第 ${to} 號區塊，本次新增 ${added} 個；最新區塊為 ${newest}。`,
    same: (block) => `${block}與檔案中的一致。`,
    another: (block) => `${block}與檔案中的不一致。`,
    undecided: (block, why) => `無法確認${block}是否正確：${why}。`,
    newestUndecided: (why) => `無法確認最新的區塊：${why}。`,
    unheard: '並非所有指定的資料來源都顯示該區塊',
    cutShort: (file, bytes) => `${file}：結尾有不完整的區塊標頭（${bytes}），已刪除。`,
    reorganised: (file, headers, from, to) =>
      `${file}：該鏈發生重組，第 ${from} 號至第 ${to} 號區塊已不在鏈上，其 ${headers} 個區塊標頭已遭替換。`,
    followedTo: (block) => `已沿新的分支續至${block}。`,
    noMoreWork: (file, block) =>
      `${file}：各資料來源顯示的${block}與檔案中的不同，但其後的工作量並不比檔案所載的多。未作任何更動，請在下一個區塊產生後重試。`,
    sourcesEnd: (block, wanted) => `資料來源的最新區塊是${block}，還沒有第 ${wanted} 號區塊。`,
    rows: { network: '網路', start: '起點', end: '終點', headers: '區塊標頭', work: '工作量', targets: '難度目標' },
    origin: {
      genesis: '該鏈的創世區塊',
      pinned: '與 --start 提供的一致',
      unknown: '並非創世區塊：可信程度取決於提供者，除非另行比對（--start）',
    },
    size: (headers, bytes) => `${headers} 個，連同檔頭共 ${bytes}`,
    work: (hashes, log2) => `預期雜湊次數 ${hashes}，即 2^${log2}`,
    targets: { checked: '符合該網路的規則', unchecked: '未檢查：該網路的規則允許例外' },
  },
  evidence: {
    wrote: (file) => `已寫入 ${file}。`,
    exported: (count, folder) => `已將 ${count} 個檔案寫入 ${folder}。`,
    unchanged: (file) => `${file} 已包含全部內容。`,
    taken: (file, what) => `${file}：這個名稱已有其他用途，未寫入任何內容。${what}`,
    there: {
      'no-file': '使用這個名稱的不是檔案。',
      'other-timestamp': '使用這個名稱的是另一份文件的 OpenTimestamps 檔案，或該檔案已損壞。',
      'not-holding': '使用這個名稱的是同一筆紀錄的存證證明，但該證明無效。',
      'other-record': '使用這個名稱的是紀錄編號相同的另一份存證證明。',
      'other-history': '使用這個名稱的是同一筆紀錄的存證證明，但所載的日誌歷史不同，請將兩份都保留。',
      'too-large-together': '使用這個名稱的是同一筆紀錄的存證證明，兩者合併後過大。',
      'shows-more': '使用這個名稱的是同一個項目的日誌證明，且所載內容更多。',
      'no-proof-inside': '使用這個名稱的是未內嵌存證證明的檔案。',
      'other-document-inside': '使用這個名稱的是內嵌存證證明的另一份文件。',
      'other-proof-inside': '其中內嵌的存證證明無法與這份證明合併。',
    },
    inputThere: (file) => `使用這個名稱的是 ${file}，也就是產生新檔案時所讀取的檔案。`,
    proofThere: (record) => `使用這個名稱的是紀錄 ${record} 的存證證明。`,
    embedding: {
      'unknown-kind': (file) =>
        `${file} 既不是 PDF 也不是 ZIP 檔。請將存證證明與文件放在一起，或以 --container 將兩者一併放入一個 ZIP 檔。`,
      'no-end': (file) =>
        `${file} 的結尾不符合其格式，可能已損壞。請將存證證明與文件放在一起，或以 --container 將兩者一併放入一個 ZIP 檔。`,
      signed: (file) =>
        `${file} 帶有簽章，內嵌後簽章將不再涵蓋全部內容；據反映，簽章不允許更動時 Acrobat 會拒絕開啟這類檔案。請將存證證明與文件放在一起，或以 --container 將兩者一併放入一個 ZIP 檔，或使用 --signed。`,
      embedded: (file) => `${file} 已內嵌存證證明。如需更新，請直接提供這個檔案。`,
      'too-large': (file) => `存證證明過大，無法內嵌於 ${file}。請將存證證明與文件放在一起。`,
    },
    code: {
      tooLarge: (file) => `${file} 過長，這種條碼容納不下：請在登錄前縮短文字，或以 --no-text 不寫入文字。`,
      noText: (file) => `${file} 不是條碼可以容納的文字（UTF-8、無隱藏字元、數行以內）。可用 --no-text 不寫入文字。`,
    },
    noSalt: '無法比對文件：其摘要經過加鹽，而這份存證證明中沒有隨機鹽值。',
    noProof: (file, what) => `${file} 無法當作存證證明讀取。${what}`,
    notHolding: (record) => `紀錄 ${record} 的存證證明無效。`,
    otherThanAsked: (record, got) => `服務提供的不是紀錄 ${record} 的存證證明，而是 ${got} 的。`,
    unknown: (file, service) => `服務 ${service} 查無 ${file} 的紀錄。`,
    needsSalt: '加鹽登記的文件須有隨機鹽值才能查到（--salt，或與文件放在一起的鹽值檔）。',
    several: (count, more, oldest, others) =>
      `這個摘要有${more ? '超過 ' : ' '}${count} 筆紀錄，取最早的一筆：${oldest}。${others.length === 0 ? '' : `其他紀錄：${others.join(' ')}`}`,
    notSealed: (record) => `紀錄 ${record} 所在的批次尚未寫入日誌，請稍後重試。`,
    noTimestamp: {
      'no-sha256': 'OpenTimestamps 檔案需要 SHA-256 摘要，這筆紀錄沒有。',
      'no-attestation': 'OpenTimestamps 檔案需要日曆服務的證明，這份存證證明還沒有。',
      'too-deep': '從文件到區塊的路徑過長，OpenTimestamps 程式無法讀取。',
      'wrong-document': '這份文件或隨機鹽值與存證證明不符。',
    },
    notSealedInTime: '批次未在等待時間內寫入日誌。',
    notAnchoredInTime: '等待時間內沒有錨定獲得確認；存證證明依現況保留。',
    passedOver: (file) => `${file}：未採用，既不是檔案也不是資料夾。`,
    failed: (what, why) => `未成功：${what}：${why}`,
    rejected: (why) => `服務未受理：${why}`,
    otherTerms: (reference, record) => `編號 ${reference} 已屬於紀錄 ${record}，而該紀錄的內容不同`,
    submitted: {
      accepted: (accepted, of, service, earlier) =>
        `${service} 已受理 ${of} 份文件中的 ${accepted} 份${earlier > 0 ? `（其中 ${earlier} 份先前已受理）` : ''}`,
      amount: (megabytes, seconds) => `共 ${megabytes} MB，費時 ${seconds} 秒`,
      receipts: (folder) => `收據存於 ${folder}`,
      proofs: (count) => `已寫入 ${count} 份存證證明`,
      proofElsewhere: (usual, path) =>
        `${usual} 已經存在，且不是這筆記錄的存證證明，未予更動。存證證明已寫入 ${path}。`,
      failed: (count) => `${count} 份未成功`,
      stopped: (accepted, of, folder) =>
        `已中止：${of} 份文件中的 ${accepted} 份已有收據，存於 ${folder}。再次執行同一個命令即可繼續。`,
    },
    pageDigest: '提供這個網頁的服務會將此雜湊值登錄在自己的日誌中，可到該服務查詢。',
    changed: (record, status, includeBy, receipt) => `${record}  ${status}  最遲於 ${includeBy} 寫入日誌  ${receipt}`,
  },
  failures: {
    usage: '命令用法有誤。',
    'bad-data': '有檔案不符合應有的格式。',
    'no-input': '有檔案無法讀取。',
    'cannot-create': '有檔案無法寫入。',
    unavailable: '未能取得所需的內容。',
    protocol: '對方的回應不符合約定。',
    refused: '請求未獲受理，或內容驗證不通過。',
    'no-permission': '服務未接受這把金鑰或權杖。',
    'no-credential': '找不到金鑰或權杖。',
    'bad-setting': '有設定無法使用。',
    'not-found': '查無此項。',
    'not-ready': '尚未就緒。',
    software: '本程式發生錯誤。',
  },
};
