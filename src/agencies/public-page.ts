import { escapeHtml, plainPage } from '../http/plain-page.ts'
import { type Unit } from './contract.ts'

/** Headings in the order in which people look for a unit. */
const GROUPS = [
  ['department', 'Sở, ban, ngành'],
  ['ward', 'Phường'],
  ['commune', 'Xã'],
  ['special', 'Đặc khu'],
  ['vertical', 'Cơ quan ngành dọc'],
  ['provider', 'Đơn vị dịch vụ công'],
] as const satisfies readonly (readonly [Unit['type'], string])[]

/**
 * Units with their address, duty line and focal officers' numbers, for everybody (Đ17.3, R096). Heads are not on it: the article
 * publishes the officer's number.
 */
export function publicDirectory(
  units: readonly Unit[],
  city: { readonly name: string; readonly hotline: string },
): string {
  const groups = GROUPS.map(([type, heading]) => {
    const ofType = units.filter((unit) => unit.type === type)
    return ofType.length === 0 ? '' : `<h2>${heading}</h2>\n<dl>\n${ofType.map(entry).join('\n')}\n</dl>`
  })
  return plainPage(
    `Danh bạ đơn vị xử lý phản ánh, kiến nghị · ${city.name}`,
    `<p class="city">${escapeHtml(city.name)} · Tổng đài ${escapeHtml(city.hotline)}</p>
<h1>Danh bạ đơn vị xử lý phản ánh, kiến nghị</h1>
<p>Gọi Tổng đài ${escapeHtml(city.hotline)}, 24 giờ mỗi ngày, nếu chưa biết việc của mình thuộc đơn vị nào.</p>
${groups.filter((group) => group !== '').join('\n')}`,
    'all',
  )
}

function entry(unit: Unit): string {
  const officers = unit.people.filter(({ role }) => role === 'officer')
  const lines = [
    ...(unit.address === null ? [] : [escapeHtml(unit.address)]),
    ...(unit.dutyPhone === null ? [] : [`Trực: ${phoneLink(unit.dutyPhone)}`]),
    ...officers.map(({ name, phone }) => `Cán bộ đầu mối ${escapeHtml(name)}: ${phoneLink(phone)}`),
  ]
  return `<div><dt>${escapeHtml(unit.name)}</dt><dd>${lines.join('<br>')}</dd></div>`
}

function phoneLink(phone: string): string {
  return `<a class="phone" href="tel:${phone.replace(/[^0-9+]/g, '')}">${escapeHtml(phone)}</a>`
}
