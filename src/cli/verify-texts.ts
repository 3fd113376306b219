import type { Finding, FindingCode } from '../seals/contract.ts'
import { type Language, type Sentence, sayIn } from './language.ts'

/** What each finding means. */
const MEANINGS: Readonly<Record<FindingCode, Sentence>> = {
  TRIGGER_MISSING: {
    vi: 'cơ chế chặn sửa, xóa của nhật ký đã bị gỡ khỏi cơ sở dữ liệu',
    en: 'the trigger that keeps this log append-only is gone from the database',
  },
  AUDIT_ROW_CHANGED: {
    vi: 'dòng nhật ký đã bị sửa sau khi ghi',
    en: 'the line of the audit log was changed after it was written',
  },
  AUDIT_ROW_MISSING: {
    vi: 'dòng nhật ký đã bị xóa',
    en: 'the line of the audit log was removed',
  },
  AUDIT_ROW_UNLINKED: {
    vi: 'dòng nhật ký không có mắt xích: không do hệ thống ghi',
    en: 'the line of the audit log has no link: the service did not write it',
  },
  AUDIT_ROW_BACKDATED: {
    vi: 'dòng nhật ký ghi thời gian sớm hơn dòng trước nó',
    en: 'the line of the audit log says it is older than the line before it',
  },
  AUDIT_LINK_CHANGED: {
    vi: 'mắt xích của dòng nhật ký không nối với mắt xích trước',
    en: 'the link of this line does not join the link before it',
  },
  SEAL_LINK_CHANGED: {
    vi: 'mắt xích niêm phong đã bị sửa hoặc không nối với mắt xích trước',
    en: 'the link of the recording was changed, or does not join the link before it',
  },
  SEAL_LINK_MISSING: {
    vi: 'mắt xích niêm phong đã bị xóa',
    en: 'a link of the recordings was removed',
  },
  SEAL_LINK_BACKDATED: {
    vi: 'mắt xích niêm phong ghi thời gian sớm hơn mắt xích trước',
    en: 'the link says it is older than the link before it',
  },
  RECORDING_ROW_CHANGED: {
    vi: 'thông tin bản ghi âm trong cơ sở dữ liệu khác lúc niêm phong',
    en: 'what the database says of the recording is not what was sealed',
  },
  RECORDING_ROW_MISSING: {
    vi: 'bản ghi âm đã niêm phong không còn trong cơ sở dữ liệu',
    en: 'a sealed recording is not in the database any more',
  },
  RECORDING_UNSEALED: {
    vi: 'bản ghi âm chưa được niêm phong: không do hệ thống thu',
    en: 'the recording has no link: the service did not collect it',
  },
  CALL_CHANGED: {
    vi: 'cuộc gọi của bản ghi âm (số điện thoại, điện thoại viên, vụ việc, thời điểm hoặc kết quả) khác lúc niêm phong',
    en: 'the call of the recording (number, operator, case, times or outcome) is not what was sealed',
  },
  TRIGGER_CHANGED: {
    vi: 'trigger này không phải do hệ thống tạo, hoặc đã bị sửa',
    en: 'this trigger is not one that the service made, or not as it made it',
  },
  ROW_CONTRADICTS: {
    vi: 'dòng dữ liệu mâu thuẫn với mắt xích, tệp, cuộc gọi hoặc nhật ký; nếu tệp đã được đưa lại nguyên vẹn, hãy cho kiểm tra lại bản ghi',
    en: 'the row contradicts its link, file, call or the audit log; if the file was put back as it was, have the recording checked again',
  },
  FACT_MISSING: {
    vi: 'nhật ký có ghi việc này, nhưng dòng dữ liệu không còn',
    en: 'the audit log says that it was written down, and the row is gone',
  },
  FACT_CONTRADICTS: {
    vi: 'dòng dữ liệu khác với điều nhật ký đã ghi',
    en: 'the row says something else than the audit log',
  },
  FACT_UNWITNESSED: {
    vi: 'dòng dữ liệu không có trong nhật ký: không do hệ thống ghi',
    en: 'the audit log never heard of this row: the service did not write it',
  },
  FILE_CHANGED: {
    vi: 'nội dung tệp khác bản đã niêm phong',
    en: 'the bytes of the file are not those that were sealed',
  },
  FILE_SWAPPED: {
    vi: 'tệp mang nội dung của một bản ghi âm khác',
    en: 'the file holds what was sealed as another recording',
  },
  FILE_MISSING: { vi: 'tệp ghi âm không còn', en: 'the file is gone' },
  FILE_UNREADABLE: { vi: 'không đọc được tệp ghi âm', en: 'the file cannot be read' },
  FILE_SYMLINK: {
    vi: 'tệp hoặc thư mục chứa tệp là một liên kết mềm dẫn đến chỗ khác: không phải tệp đã niêm phong',
    en: 'a symbolic link stands in the place of the file or of a folder on the way to it',
  },
  FILE_NOT_PLAIN: {
    vi: 'ở chỗ tệp ghi âm là một thứ khác (đường ống, thiết bị hoặc thư mục), không đọc; cách khắc phục: dời nó đi, đưa tệp đã niêm phong từ bản sao lưu về chỗ cũ',
    en: 'something that is no file (a pipe, a device, a folder) has its name, and is not read; move it away and put the sealed file back from a backup',
  },
  FILE_NOT_REMOVED: {
    vi: 'tệp vẫn còn dù chuỗi ghi là đã xóa: lần chạy sau của hệ thống sẽ xóa, hoặc ai đó đã đưa lại',
    en: 'the chain says that it was deleted, and it is there: the next run removes it, or somebody brought it back',
  },
  FILE_EXTRA: {
    vi: 'tệp lạ trong thư mục ghi âm: không mắt xích nào nói đến',
    en: 'a file of the recordings folder that no link knows',
  },
  FOLDER_MARK_BAD: {
    vi: 'dấu cho biết thư mục ghi âm là của hệ thống nào bị hỏng hoặc không đọc được; cách khắc phục: npm run tongdai -- doctor, hoặc chắc chắn không có hệ thống khác dùng thư mục này, xóa nó rồi khởi động lại dịch vụ',
    en: 'the mark that says whose the recordings folder is is damaged or cannot be read; npm run tongdai -- doctor has the remedy: make sure that no other installation uses the folder, remove the mark and start the service again',
  },
  FOLDER_MARK_OTHER: {
    vi: 'thư mục ghi âm mang dấu của một hệ thống khác; cách khắc phục: npm run tongdai -- doctor',
    en: 'the recordings folder has the mark of another installation; npm run tongdai -- doctor has the remedy',
  },
  HEAD_UNREADABLE: { vi: 'tệp đầu chuỗi không đọc được', en: 'the file is not a signed head' },
  HEAD_SIGNATURE: {
    vi: 'chữ ký của đầu chuỗi không đúng: tệp đã bị sửa',
    en: 'the signature of the head is wrong: the file was changed',
  },
  HEAD_KEY: {
    vi: 'đầu chuỗi được ký bằng khóa lạ; nếu là khóa cũ của hệ thống, hãy thêm --public-key TỆP',
    en: 'the head is signed by an unknown key; if it is an old one of yours, add --public-key FILE',
  },
  HEAD_MISSING: {
    vi: 'thiếu đầu chuỗi đã ký: đầu chuỗi này, hoặc đầu chuỗi ngay trước nó (before)',
    en: 'a signed head is missing: this one, or (before) the one that was signed before it',
  },
  HEAD_OLD: {
    vi: 'đầu chuỗi mới nhất cũ hơn đầu chuỗi của ngày gần nhất: đã bị thay bằng bản cũ',
    en: 'the latest head is older than the newest of a day: an older one was put in its place',
  },
  CHAIN_REWRITTEN: {
    vi: 'chuỗi đã bị viết lại: mắt xích này khác với lúc đầu chuỗi được ký',
    en: 'the chain was rewritten: this link is not the one that the head was signed for',
  },
  DATABASE_ROLLED_BACK: {
    vi: 'cơ sở dữ liệu đã bị đưa về thời điểm cũ: đầu chuỗi đã ký có những mắt xích về sau',
    en: 'the database was put back to an earlier state: a signed head knows later links',
  },
}

export const TEXTS = {
  noDatabase: {
    vi: 'Chưa có cơ sở dữ liệu tại {path}. Hãy đặt DATA_DIR là thư mục của hệ thống cần kiểm tra.',
    en: 'There is no database at {path}. Set DATA_DIR to the folder of the copy you mean.',
  },
  noChains: {
    vi: 'Cơ sở dữ liệu này chưa có chuỗi niêm phong. Hãy chạy phiên bản mới của dịch vụ một lần rồi kiểm tra lại.',
    en: 'This database has no chains yet. Run this version of the service once, then verify.',
  },
  older: {
    vi: 'Cơ sở dữ liệu này là của phiên bản cũ hơn. Hãy chạy phiên bản mới của dịch vụ một lần rồi kiểm tra lại.',
    en: 'This database is of an older version. Run this version of the service once, then verify.',
  },
  reading: { vi: 'đã đọc {share} %', en: '{share} % read' },
  counted: {
    vi: '{lines} dòng nhật ký, {links} mắt xích ghi âm, {heads} đầu chuỗi đã ký, {files} tệp ({size} MB, {speed} MB/giây)',
    en: '{lines} audit lines, {links} links of recordings, {heads} signed heads, {files} files ({size} MB, {speed} MB/s)',
  },
  whole: { vi: 'Nguyên vẹn.', en: 'All of it is whole.' },
  first: {
    vi: 'KHÔNG NGUYÊN VẸN. Chỗ đứt đầu tiên: {finding}',
    en: 'NOT WHOLE. First broken link: {finding}',
  },
  others: { vi: 'Ngoài ra: {count} chỗ khác', en: 'Besides: {count} more' },
  more: { vi: '… và {count} chỗ nữa (--json liệt kê tất cả)', en: '… and {count} more (--json lists all)' },
  unsigned: {
    vi: 'Lưu ý: không thấy đầu chuỗi đã ký nào; nếu đã từng ký, hãy tìm bên cạnh các bản sao lưu (--heads THƯ_MỤC). Không có đầu chuỗi thì không phát hiện được cơ sở dữ liệu bị đưa về thời điểm cũ.',
    en: 'Note: no signed head was found; if one was ever signed, look beside the backups (--heads DIR). Without one a database put back to an earlier state is not found.',
  },
} as const satisfies Readonly<Record<string, Sentence>>

export function findingLine({ code, subject, detail }: Finding, language: Language): string {
  const about = detail === '' ? subject : `${subject} (${detail})`
  return `${code} ${about}: ${sayIn(language, MEANINGS[code])}`
}
