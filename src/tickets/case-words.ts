import type { TicketKind, TicketState } from './contract.ts'

/* Papers are administrative: Vietnamese whatever language their reader's console speaks. One place for the words of all of them. */

export const STATES_ON_PAPER: Readonly<Record<TicketState, string>> = {
  draft: 'Đang ghi nhận',
  received: 'Đã tiếp nhận',
  needsClarification: 'Chờ bổ sung thông tin',
  rejected: 'Không tiếp nhận',
  assigned: 'Đã chuyển đơn vị',
  inProgress: 'Đang xử lý',
  verifying: 'Đang xác minh (có hẹn)',
  awaitingCitizen: 'Chờ công dân bổ sung',
  escalated: 'Đã chuyển Thủ trưởng',
  overdue: 'Quá hạn (đang chờ xử lý)',
  cityOffice: 'Văn phòng UBND TP chủ trì',
  agencyAnswered: 'Đơn vị đã có kết quả',
  answered: 'Đã trả lời',
  closed: 'Đã đóng',
  merged: 'Trùng (gộp)',
  withdrawn: 'Công dân rút',
  discarded: 'Phiếu trống đã bỏ',
}

export const KINDS_ON_PAPER: Readonly<Record<TicketKind, string>> = {
  request: 'Yêu cầu',
  question: 'Thắc mắc',
  suggestion: 'Góp ý',
  reflection: 'Phản ánh',
  petition: 'Kiến nghị',
  initiative: 'Hiến kế',
  callback: 'Gọi lại',
}
