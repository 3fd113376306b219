import type { Blocker, ErasureKept, SubjectRequest } from './contract.ts'

/** What each reason to keep rests on: articles of the regulation where they say nothing else. */
export const KEPT_BY: Readonly<Record<ErasureKept, string>> = {
  held: 'Luật 91/2025/QH15, Điều 14 (yêu cầu của cơ quan có thẩm quyền)',
  disclosed: 'Quy chế, Điều 10.1 (đơn vị đang xác minh)',
  caseOpen: 'Quy chế, Điều 9 (phiếu đang xử lý)',
  objection: 'Quy chế, Điều 9.5b (còn thời hạn không đồng ý với kết quả)',
  unsealed: 'Quy chế, Điều 19 (đang kiểm tra tính nguyên vẹn)',
  altered: 'Quy chế, Điều 20.2 (chứng cứ của việc sửa đổi)',
  caseRecord: 'Quy chế, Điều 10.1 (ghi âm lưu cùng phiếu đến hết thời hạn)',
  notSettled: 'Luật 91/2025/QH15, Điều 14 (chưa thu về, xử lý ở lần yêu cầu sau)',
  pending: 'Luật 91/2025/QH15, Điều 14 (đã có đề nghị xóa, đang chờ người thứ hai)',
}

/**
 * Why a recording stays when its citizen asks for its erasure, null where it may go. A recording of a case is part of what Đ10.1 has the
 * city keep, until its rule lets it go; a test call, or one whose time is over, is kept for nothing.
 */
export function keptOf(one: {
  readonly isPending: boolean
  readonly isAsked: boolean
  readonly blockers: readonly Blocker[]
  readonly isOfCase: boolean
  readonly isTimeOver: boolean
}): ErasureKept | null {
  if (one.isPending) return 'notSettled'
  if (one.isAsked) return 'pending'
  const [first] = one.blockers
  if (first !== undefined) return first
  return one.isOfCase && !one.isTimeOver ? 'caseRecord' : null
}

/** Reasons in the order they were met, each with the recordings it keeps. */
export function keptByReason(
  kept: readonly { readonly id: number; readonly why: ErasureKept }[],
): SubjectRequest['kept'] {
  return [...Map.groupBy(kept, ({ why }) => why)].map(([why, of]) => ({
    why,
    article: KEPT_BY[why],
    recordingIds: of.map(({ id }) => id),
  }))
}
