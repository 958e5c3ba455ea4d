import type { HeadlineWords } from '../headline-words.js';

/** What comes first, and the sentence below it. */
export const headlines: HeadlineWords = {
  unreadable: { headline: '無法讀取存證證明', aside: '這與文件本身無關。' },
  mismatch: {
    'line-endings': {
      headline: '檔案與證明不符',
      sentence: '文字相同，但換行字元被轉換（CRLF 與 LF），因而成為另一個檔案。文字檔在不同系統之間傳送時常會如此。',
    },
    appended: {
      headline: '檔案與證明不符：登錄之後增加了內容',
      sentence: '登錄時的版本仍完整保留在檔案的前段。增加的內容不在存證證明的範圍內，而且可能改變所顯示的內容。',
    },
    document: {
      headline: '檔案與證明不符',
      sentence: '這個檔案不是存證證明所指的檔案。原因往往是無心的，請見下方清單。機關核發的檔案可以驗證相符。',
    },
    proof: {
      headline: '證明無效',
      sentence: '存證證明自相矛盾，因此無法說明這份文件的任何情形。證明可能已經損壞或遭更動。',
    },
    signer: {
      headline: '簽章者不是預期的日誌',
      sentence: '存證證明由預期之外的日誌簽章，可能來自其他服務。',
    },
    companion: {
      headline: '一併交付的檔案與證明不符',
      sentence: '存證證明屬於這份文件，但一併交付的另一個檔案屬於別的文件。',
    },
    anchor: {
      headline: '證明無效',
      sentence: '存證證明所稱的時間依據不在應在之處，也沒有其他內容能證明其時間。',
    },
  },
  notCurrent: {
    expired: { headline: '驗證相符，但已逾有效期間', sentence: '登錄時載明的有效期間已經結束。' },
    'not-yet-valid': { headline: '驗證相符，但尚未生效', sentence: '登錄時載明的有效期間尚未開始。' },
    'not-yet-recorded': { headline: '當時尚未登錄', sentence: '在所查詢的時間，日誌中還沒有這筆紀錄。' },
    revoked: { headline: '驗證相符，但已遭撤銷', sentence: '機關在登錄之後撤銷了這筆紀錄。' },
    suspended: { headline: '驗證相符，但已停止效力', sentence: '目前處於停止效力的狀態。' },
    superseded: { headline: '驗證相符，但已被取代', sentence: '已有新紀錄取代這筆紀錄。' },
    consumed: { headline: '驗證相符，但已核銷', sentence: '這筆紀錄只能使用一次。' },
  },
  unavailable: {
    headline: '目前無法完成驗證',
    because: {
      'no-salt': '這筆紀錄採加鹽登錄，使他人無從猜測文件內容；而所用的存證證明沒有隨機鹽值。',
      'other-algorithm': '未提供紀錄所用演算法的雜湊值，因此未比對檔案。',
      stale: '證明中的狀態已逾期限，無法確認目前是否有效。這不代表文件有問題。',
      signer: '無法取得預期日誌的金鑰，因此未驗證簽章者。',
      'status-ahead': '證明中的狀態所稱的時間尚未到來，無法據以確認目前是否有效。這不代表文件有問題。',
      contradicted: '各資料來源對其時間的說法互相矛盾，因此沒有結論。這不代表文件有問題。',
      outage: '驗證所需的某項資料目前無法取得。這不代表文件有問題。',
      'test-chain': '其時間只有測試鏈證明，而測試鏈不予採計。',
      unsupported: '其時間的證明方式是此版本無法驗證的。這不代表文件有問題。',
      'nothing-given': '未提供可用來驗證其時間的資料來源。這不代表文件有問題。',
    },
  },
  pending: {
    headline: '已登錄，等待區塊鏈錨定',
    promised: '日曆服務已承諾將其時間錨定到比特幣區塊鏈，通常需要數小時；在那之前，其時間沒有日誌以外的依據。',
    notPromised: '其時間目前沒有日誌以外的依據。',
  },
  authentic: {
    headlines: {
      test: { document: '驗證相符，但時間只有測試鏈證明', noDocument: '存證證明有效，但時間只有測試鏈證明' },
      file: { document: '最晚在下列時間已經存在；未載明登錄者', noDocument: '時間證明有效；未比對檔案' },
      unchecked: {
        document: '驗證相符，最晚在下列時間已經存在；未驗證簽章者',
        noDocument: '存證證明有效；未驗證簽章者，也未比對檔案',
      },
      log: { document: '驗證相符', noDocument: '存證證明有效；未比對檔案' },
    },
    time: {
      public: '其時間有日誌以外的依據。',
      test: '其時間只有測試鏈證明，在測試之外沒有證明力。',
      foreign: '其時間由此處未收錄的鏈證明，證明力取決於該鏈的營運者。',
      unnamed: '其時間由某條鏈證明，但沒有資料來源能指出是哪一條鏈。',
    },
    signer: {
      file: '其中沒有記載由誰申請。',
      unchecked: '由誰登錄未經驗證：任何人都能架設日誌並自稱某機關。',
      agency: '由機關自己的金鑰簽章，而且日誌先前已登錄該金鑰。',
      log: '簽章屬於預期的日誌。',
    },
  },
  subject: {
    registered: '這個檔案與登錄時的檔案逐位元組相同。',
    timeStamped: '這個檔案與取得時間證明時的檔案逐位元組相同。',
    inProof: '這個檔案與存證證明所指的檔案逐位元組相同。',
    matches: '這個檔案與存證證明逐位元組相符。',
    apartFromProof: '除了內含的存證證明，這個檔案與登錄時的檔案逐位元組相同。',
    holds: '存證證明有效。',
    holdsSoFar: '存證證明就目前的內容而言有效。',
    holdsForAny: '存證證明有效，適用於雜湊值與之相同的檔案。',
  },
  signerUnchecked: '由誰登錄未經驗證。',
};
