/** Where each part of a package is, below its folder. */
export const PACKAGE_FILES = {
  guide: 'HUONG-DAN.txt',
  words: 'thong-tin.json',
  page: 'thong-tin.pdf',
  manifest: 'goi.json',
  content: 'chuoi/noi-dung.json',
  /** Followed by the number of the link. */
  link: 'chuoi/mat-xich-',
  head: 'chuoi/dau-ky.json',
  headSignature: 'chuoi/dau-ky.sig',
  sums: 'SHA256SUMS',
  sumsSignature: 'SHA256SUMS.sig',
  publicKey: 'khoa-cong-khai.pem',
} as const

/** The original's, or that of the copy which stands for it. */
export const soundName = ({ isCopy }: { readonly isCopy: boolean }): string =>
  isCopy ? 'am-thanh.opus' : 'am-thanh.wav'

/** What both languages run: nothing but coreutils, grep and OpenSSL 3. */
const checksOf = (sound: string) => ({
  signature: `openssl pkeyutl -verify -pubin -inkey khoa-cong-khai.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig`,
  files: `sha256sum -c SHA256SUMS`,
  head: `openssl pkeyutl -verify -pubin -inkey khoa-cong-khai.pem -rawin -in chuoi/dau-ky.json -sigfile chuoi/dau-ky.sig`,
  chain: `( h=$(sha256sum < ${sound} | cut -c1-64)
  for f in chuoi/noi-dung.json chuoi/mat-xich-*.json; do
    [ -e "$f" ] || continue
    grep -q "\\"$h\\"" "$f" || { echo "HONG / BROKEN: $f"; exit 1; }
    h=$(sha256sum < "$f" | cut -c1-64)
  done
  grep -q "\\"name\\":\\"recordings\\",\\"seq\\":[0-9]*,\\"hash\\":\\"$h\\"" chuoi/dau-ky.json ||
    { echo "HONG / BROKEN: chuoi/dau-ky.json"; exit 1; }
  echo "CHUOI DUNG / CHAIN HOLDS" )`,
})

/** The one page by which anybody checks a package without this program. */
export function packageGuide(facts: {
  readonly hotline: string
  /** SHA-256 of the file of the public key. */
  readonly keyPrint: string
  readonly keyUrl: string
  /** Who took it, and when, in words. */
  readonly taken: string
  readonly signedAt: string
  /** The file of the sound. */
  readonly sound: string
  /** SHA-256 of the original that the sound is a copy of; null for an original. */
  readonly copyOf: string | null
}): string {
  const { signature, files, head, chain } = checksOf(facts.sound)
  const copy =
    facts.copyOf === null
      ? { vi: '', en: '' }
      : {
          vi: `Âm thanh là bản lưu trữ Opus: bản gốc WAV đã bỏ theo quy định lưu trữ sau khi đối chiếu. Tệp chuoi/noi-dung.json ghi SHA-256 của bản gốc
(${facts.copyOf}), của bản lưu trữ và kết quả đối chiếu.
`,
          en: `The sound is a copy in Opus: its original, a WAV file, went by rule after both were compared. chuoi/noi-dung.json holds the SHA-256 of the
original (above), that of the copy, and what was measured.
`,
        }
  return `HƯỚNG DẪN KIỂM CHỨNG GÓI GHI ÂM – TỔNG ĐÀI ${facts.hotline}
Bản này cấp cho: ${facts.taken}

Cần: Linux, macOS hoặc WSL có openssl 3 và sha256sum. Mở cửa sổ lệnh trong thư mục này, chạy từng bước.

0. Khóa công khai có phải của Tổng đài không? Lệnh sau phải in ra ${facts.keyPrint},
   và phải trùng với khóa ở ${facts.keyUrl} hoặc bản giấy Tổng đài giữ.
sha256sum khoa-cong-khai.pem

1. Danh sách tệp có đúng do Tổng đài ký không? Phải in "Signature Verified Successfully".
${signature}

2. Các tệp có đúng như danh sách không? Mọi dòng phải là "OK". Ai tải, lúc nào: xem goi.json.
${files}

3. Dấu ký của chuỗi niêm phong (ký lúc ${facts.signedAt}) có đúng không? Phải in "Signature Verified Successfully".
${head}

4. Âm thanh có nằm trong chuỗi đã ký đó không? Phải in "CHUOI DUNG".
${chain}

Bước 1, 2: gói này nguyên vẹn. Bước 3, 4: bản ghi âm là bản đã niêm phong trước lúc ký, không bị đổi hay ghi lùi ngày sau đó.
${copy.vi}Sai ở bước nào thì không dùng gói này làm chứng cứ và báo cho Tổng đài.

----------------------------------------------------------------------
HOW TO VERIFY THIS PACKAGE (English)
Needed: Linux, macOS or WSL with openssl 3 and sha256sum. Open a terminal in this folder and run the commands above.
0. Is the public key the hotline's? The command must print ${facts.keyPrint}, and the key must be
   the one at ${facts.keyUrl} or the one the hotline keeps on paper.
1. Did the hotline sign the list of files? Must print "Signature Verified Successfully".
2. Are the files those of the list? Every line must say "OK". Who took it and when is in goi.json.
3. Is the signed head of the chain of evidence genuine? Must print "Signature Verified Successfully".
4. Does the sound lead, hash by hash, to that head? Must print "CHAIN HOLDS".
Steps 1 and 2: this package is whole. Steps 3 and 4: the recording is the one sealed before the head was signed, not changed
or back-dated since. ${copy.en}Where a step fails, do not use the package as evidence and tell the hotline.
`
}
