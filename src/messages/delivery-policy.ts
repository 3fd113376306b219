import { type SmsState } from './contract.ts'

/** The carrier's own words for a message, in the order they can happen. Order of arrival says nothing. */
const RANK: Readonly<Record<string, number>> = {
  accepted: 1,
  scheduled: 1,
  queued: 1,
  sending: 2,
  sent: 3,
  canceled: 4,
  undelivered: 4,
  failed: 4,
  delivered: 4,
}

export function isCarrierStatus(status: string): boolean {
  return status in RANK
}

/** Forward only: a late or replayed report never takes a state back, and the first final one stands. */
export function isForward(current: string | null, next: string): boolean {
  return (RANK[next] ?? 0) > (current === null ? 0 : (RANK[current] ?? 0))
}

export function isFinal(status: string): boolean {
  return RANK[status] === 4
}

/** "delivered" is what Vietnam's operators say for "our message centre took it" (telephony.md 7). */
export function stateOf(status: string): SmsState {
  if (status === 'delivered') return 'delivered'
  return status === 'undelivered' || status === 'failed' || status === 'canceled' ? 'failed' : 'sent'
}

/** What to do about a failure, in the reader's words. Codes: twilio.com/docs/api/errors. */
const REMEDIES: Readonly<Record<string, string>> = {
  NOT_MOBILE:
    'Không phải số di động nên không nhận được SMS. Hãy gọi điện, hoặc bổ sung số di động vào danh bạ.',
  '21211': 'Nhà mạng không nhận ra số này. Hãy kiểm tra số trong danh bạ.',
  '21408': 'Tài khoản SMS chưa được phép gửi đến Việt Nam. Hãy báo quản trị viên.',
  '21610': 'Người nhận đã từ chối nhận tin. Hãy gọi điện.',
  '21612': 'Không có đường gửi đến số này. Hãy gọi điện.',
  '21614': 'Số này không nhận được SMS. Hãy gọi điện và sửa số trong danh bạ.',
  '30003': 'Máy người nhận đang tắt hoặc ngoài vùng phủ sóng. Hãy gọi điện.',
  '30005': 'Số không tồn tại. Hãy kiểm tra số trong danh bạ.',
  '30006': 'Số cố định hoặc không nhận được SMS. Hãy gọi điện.',
  '30007': 'Nhà mạng chặn nội dung tin. Hãy báo quản trị viên kiểm tra mẫu tin đã đăng ký.',
  '30042': 'Nhà mạng chặn tên người gửi. Hãy báo quản trị viên kiểm tra tên đã đăng ký.',
  '20003': 'Nhà cung cấp từ chối tài khoản SMS. Hãy báo quản trị viên.',
  TOO_BUSY: 'Nhà cung cấp SMS quá tải, đã thử nhiều lần. Hãy gọi điện.',
}
const REMEDY_OTHERWISE = 'Không gửi được. Hãy gọi điện cho người nhận.'
const NOT_KNOWN = 'Chưa rõ nhà mạng đã nhận tin hay chưa; đang đối chiếu, không gửi lại để tránh gửi trùng.'
const NEVER_KNOWN = 'Không xác nhận được tin đã gửi. Hãy gọi điện để chắc chắn.'

/** The problem a person should see for a message, or null. `watched`: the sender still looks for it at the carrier. */
export function problemOf(state: SmsState, errorCode: string | null, watched: boolean): string | null {
  if (state === 'failed' || state === 'refused') return REMEDIES[errorCode ?? ''] ?? REMEDY_OTHERWISE
  if (state === 'unknown') return watched ? NOT_KNOWN : NEVER_KNOWN
  return null
}

/** What the carrier made of a message handed to it. */
export type SendResult =
  | { readonly type: 'accepted'; readonly sid: string; readonly status: string }
  /** Certainly not taken: try again after a while. */
  | { readonly type: 'busy'; readonly afterMs: number | null }
  | { readonly type: 'refused'; readonly errorCode: string }
  /** Time-out, cut line, 5xx: it may have been taken. Never sent again blindly (errors/20500). */
  | { readonly type: 'unclear' }

const RECONCILE_AFTER_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000] as const
const BUSY_FIRST_MS = 2_000
const BUSY_MOST_MS = 300_000
const MAX_BUSY = 8

/** When to look for an unclear message the n-th time (from 0); null: stop looking. */
export function reconcileAfterMs(lookups: number): number | null {
  return RECONCILE_AFTER_MS[lookups] ?? null
}

/** When to try again after the n-th busy answer (from 1); null: give up. The carrier's own wish is a minimum. */
export function busyAfterMs(attempts: number, wishMs: number | null): number | null {
  if (attempts >= MAX_BUSY) return null
  return Math.max(wishMs ?? 0, Math.min(BUSY_FIRST_MS * 2 ** (attempts - 1), BUSY_MOST_MS))
}

/** A message that was taken and of which nothing more was heard is asked about. */
export const POLL_AFTER_MS = 15 * 60_000
export const MAX_POLLS = 3
