import type { NoteWords } from '../note-words.js';

/** What is said beside an answer. */
export const notes: NoteWords = {
  innocentCauses: {
    're-saved': '檔案開啟後被重新儲存或另行匯出：即使文字未變，也會成為另一個檔案。',
    screenshot: '這個檔案是螢幕截圖或翻拍的照片。',
    messenger: '通訊軟體或郵件程式壓縮或轉換了檔案。請以「檔案」形式或放入壓縮檔傳送。',
    printed: '文件經列印後再次掃描。',
    'signed-afterwards': '登錄之後又加上了簽章、印章或註記。',
    'line-endings': '這個檔案是文字檔，換行字元在傳送時被轉換。',
  },
  'sealed-part': (bytes) => `登錄時的版本是這個檔案（不含證明）的前 ${bytes} 位元組。`,
  'no-document': '未比對檔案：結論適用於雜湊值與登錄相同的任何檔案。',
  'test-chain': (chain) => `僅供測試：時間來自${chain}，在測試之外沒有證明力。`,
  'foreign-chain': (chain) => `時間來自${chain}，此處未收錄該鏈，其證明力取決於該鏈的營運者。`,
  'unnamed-chain': '沒有資料來源能指出該區塊屬於哪個比特幣網路。在依據該時間之前，請在別處比對該區塊。',
  'not-final': '證明該時間的區塊尚未達最終確認，仍可能被所屬的鏈替換。',
  'finality-unknown': '沒有資料來源能確認證明該時間的區塊是否已達最終確認。',
  'not-anchored': '目前沒有日誌以外的依據能證明它最晚何時存在。',
  'bad-anchors': (count, format) => `另有 ${format.number(count)} 項時間證明無效，結論不以其為依據。`,
  'open-anchors': (count, format) => `另有 ${format.number(count)} 項時間證明無法確認，結論不以其為依據。`,
  'log-word': (receivedAt, sealedAt) => `收件時間 ${receivedAt} 與批次寫入時間 ${sealedAt} 只是日誌營運者的說法。`,
  'agency-claimed': (agency) => `「${agency}」是證明自稱的。任何人都能架設日誌並自稱某機關。`,
  'not-the-content': '以上說明這個檔案先前已經存在且未經更動，並不說明檔案內容屬實。',
};
