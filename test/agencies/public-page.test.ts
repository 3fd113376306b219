import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDirectory } from '../../src/agencies/directory-files.ts'
import { createDirectory } from '../../src/agencies/service.ts'
import { publicDirectory } from '../../src/agencies/public-page.ts'
import { SLIP_STYLE } from '../../src/tickets/slip-page.ts'
import { type Unit } from '../../src/agencies/contract.ts'

const CITY = { name: 'Thành phố Hải Phòng', hotline: '0225.1022' }
const { units } = createDirectory(
  readDirectory(resolve(import.meta.dirname, '../../config/haiphong')),
).directory()

describe('R096 (Đ17.3): the directory for everybody', () => {
  it('has each unit of today with its address and its officers’ numbers, and no head', () => {
    const page = publicDirectory(units, CITY)
    for (const { name, address, people } of units) {
      expect(page).toContain(name)
      if (address !== null) expect(page).toContain(address)
      for (const { role, phone, name: person } of people) {
        expect(page.includes(phone), person).toBe(role === 'officer')
      }
    }
  })

  it('breaks no telephone number at the end of a line', () => {
    const numbers = publicDirectory(units, CITY).match(/<a [^>]*href="tel:[^>]*>/g) ?? []
    expect(numbers.length).toBeGreaterThan(0)
    expect(numbers.every((link) => link.includes('class="phone"'))).toBe(true)
    expect(SLIP_STYLE).toContain('.phone{white-space:nowrap}')
  })

  it('writes what an admin typed as text', () => {
    const [first] = units
    const unit = { ...first, name: '<img src=x onerror=alert(1)>', address: '"&' } as Unit
    const page = publicDirectory([unit], CITY)
    expect(page).not.toContain('<img')
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;')
  })
})
