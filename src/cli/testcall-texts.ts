import type { MissingReason, TestCallStep } from '../calls/test-call-contract.ts'
import { type Sentence } from './language.ts'

/** The steps, as people name them. */
export const STEP_NAMES: Readonly<Record<TestCallStep, Sentence>> = {
  answered: { vi: 'Tổng đài trả lời', en: 'answered' },
  queued: { vi: 'Vào hàng chờ', en: 'queued' },
  popped: { vi: 'Báo cho điện thoại viên', en: 'popped' },
  connected: { vi: 'Có người nghe máy', en: 'connected' },
  ticket: { vi: 'Có mã phiếu', en: 'ticket code' },
  recorded: { vi: 'Đã lưu ghi âm', en: 'recorded' },
  slip: { vi: 'Đã gửi phiếu chuyển', en: 'slip' },
}

/** What stands behind a step's name. */
export const STEP_DETAILS: Readonly<Record<TestCallStep, Sentence>> = {
  answered: { vi: 'số {line}', en: 'line {line}' },
  queued: { vi: '{queue}', en: '{queue}' },
  popped: { vi: '{operator}', en: '{operator}' },
  connected: { vi: '{operator}', en: '{operator}' },
  ticket: { vi: '{ticket} (tập huấn)', en: '{ticket} (training)' },
  recorded: { vi: '{seconds} giây {flags}', en: '{seconds} s {flags}' },
  slip: {
    vi: '{slip} → {unit}, {sms} SMS vào máy mô phỏng',
    en: '{slip} → {unit}, {sms} SMS to the simulated handset',
  },
}

/** Other words of the command. */
export const TEXTS = {
  placed: { vi: 'Gọi thử từ {from} ({callId})', en: 'Test call from {from} ({callId})' },
  hungUp: { vi: 'Gác máy sau {seconds} giây', en: 'hung up after {seconds} s' },
  robot: { vi: 'điện thoại viên tự động (robot)', en: 'the scripted operator (robot)' },
  operator: { vi: 'điện thoại viên {name}', en: 'operator {name}' },
  good: { vi: 'Cuộc gọi thử đi hết các bước.', en: 'The test call went through all steps.' },
  bad: { vi: 'Cuộc gọi thử KHÔNG đi hết các bước.', en: 'The test call did NOT go through all steps.' },
  brokenOff: {
    vi: 'Dịch vụ ngừng trả lời giữa cuộc gọi thử. Xem nhật ký của dịch vụ.',
    en: 'The service broke off in the middle of the test call. Look in its log.',
  },
  notRunning: {
    vi: 'Không có dịch vụ nào chạy tại {url}. Hãy chạy "npm start", hoặc đặt DATA_DIR (và HTTP_PORT) của bản đang chạy.',
    en: 'No service answers at {url}. Run "npm start" first, or set DATA_DIR (and HTTP_PORT) of the copy you mean.',
  },
  refusedByService: {
    vi: 'Dịch vụ tại {url} từ chối gọi thử ({status} {code}). Lệnh này phải chạy trên cùng máy, với DATA_DIR của chính bản đó.',
    en: 'The service at {url} refused the test call ({status} {code}). Run this on its own machine, with DATA_DIR of that copy.',
  },
} as const satisfies Readonly<Record<string, Sentence>>

const DOCTOR: Sentence = {
  vi: 'Chạy "npm run tongdai -- doctor" để biết chỗ hỏng.',
  en: 'Run "npm run tongdai -- doctor" to find what is broken.',
}

const BY_REASON: Readonly<Record<MissingReason, Sentence>> = {
  pbxAway: {
    vi: `Dịch vụ mất kết nối AMI với tổng đài. ${DOCTOR.vi}`,
    en: `The service has no AMI line to the PBX. ${DOCTOR.en}`,
  },
  refused: {
    vi: 'Tổng đài không đặt cuộc gọi ({pbx}). Kiểm tra context hotline-test (dialplan/training.conf) đã được nạp và người dùng AMI có quyền originate.',
    en: 'The PBX did not place the call ({pbx}). Check that context hotline-test (dialplan/training.conf) is loaded and that the AMI user has the right originate.',
  },
  hungUp: {
    vi: `Cuộc gọi kết thúc trước bước này. Xem nhật ký của Asterisk vào lúc đó. ${DOCTOR.vi}`,
    en: `The call ended before this step. Look in Asterisk's log of that moment. ${DOCTOR.en}`,
  },
  silent: DOCTOR,
  noPop: {
    vi: 'Máy của {operator} đổ chuông nhưng bàn làm việc không hiện cuộc gọi. Thành viên của hàng chờ phải tên là op-<số> như dịch vụ đặt; xem nhật ký của dịch vụ.',
    en: 'The phone of {operator} rang but the console has no pop. Queue members must carry the name op-<number> the service gives them; look in its log.',
  },
  noMark: {
    vi: 'Cuộc gọi thử không mang dấu tập huấn (R084). dialplan/training.conf của tổng đài đã cũ: chép lại và nạp lại dialplan.',
    en: 'The test call carries no training mark (R084). The PBX has an old dialplan/training.conf: copy it anew and reload the dialplan.',
  },
  notStored: {
    vi: 'Ghi âm chưa lưu được (trạng thái {state} {flags}). Kiểm tra thư mục HOTLINE_RECORDINGS của tổng đài, PBX_RECORDING_DIR và dung lượng đĩa; "doctor" kiểm tra cả ba.',
    en: 'The recording is not filed (state {state} {flags}). Check the PBX folder HOTLINE_RECORDINGS, PBX_RECORDING_DIR and the free disk space; "doctor" checks all three.',
  },
  rule: {
    vi: 'Không gửi được phiếu chuyển ({code}). Nếu điện thoại viên đã trả lời trực tiếp thì đây là đúng; nếu không, xem phiếu trong danh sách tập huấn.',
    en: 'The slip could not be sent ({code}). If the operator answered directly that is right; otherwise look at the ticket in the training list.',
  },
  notDelivered: {
    vi: 'SMS của phiếu chuyển {slip} chưa vào máy mô phỏng (trạng thái "{state}"). Đơn vị {unit} cần ít nhất một cán bộ đầu mối có số di động trong config/<thành phố>/agencies.json.',
    en: 'The SMS of slip {slip} did not reach the simulated handset (state "{state}"). Unit {unit} needs an officer with a mobile number in config/<city>/agencies.json.',
  },
}

const SILENT: Readonly<Partial<Record<TestCallStep, Sentence>>> = {
  answered: {
    vi: `Tổng đài đã đặt cuộc gọi nhưng dịch vụ không nghe thấy. Người dùng AMI cần read = …,call,agent,user và bộ lọc sự kiện không được chặn UserEvent. ${DOCTOR.vi}`,
    en: `The PBX placed the call but the service hears nothing of it. The AMI user needs read = …,call,agent,user, and no event filter may drop UserEvent. ${DOCTOR.en}`,
  },
  queued: {
    vi: 'Cuộc gọi được trả lời nhưng không vào hàng chờ sau lời chào. Kiểm tra tệp tiếng tongdai/greeting và tongdai/notice, và dialplan/hotline.conf.',
    en: 'The call was answered but never queued after the greeting. Check the sounds tongdai/greeting and tongdai/notice, and dialplan/hotline.conf.',
  },
  popped: {
    vi: 'Hàng chờ không gọi ai. Hàng chờ hotline-training phải có thành viên robot (config/asterisk/queues.conf), và người dùng AMI cần read = agent.',
    en: 'The queue rang nobody. Queue hotline-training needs its member robot (config/asterisk/queues.conf), and the AMI user needs read = agent.',
  },
  connected: {
    vi: 'Máy của {operator} đổ chuông mà không ai nghe. Nếu là robot, kiểm tra context hotline-robot; nếu là người, nhờ họ nghe máy hoặc tạm nghỉ rồi gọi thử lại.',
    en: 'The phone of {operator} rang and nobody answered. If it is the robot, check context hotline-robot; if a person, ask them to answer or to pause, and try again.',
  },
  ticket: {
    vi: 'Cuộc gọi không có phiếu. Xem nhật ký của dịch vụ và dung lượng đĩa của thư mục dữ liệu.',
    en: 'The call has no ticket. Look in the service log and at the free space of the data folder.',
  },
}

/** What to look at when a step is missing. */
export function remedyOf(step: TestCallStep, reason: MissingReason): Sentence {
  return (reason === 'silent' ? SILENT[step] : undefined) ?? BY_REASON[reason]
}
