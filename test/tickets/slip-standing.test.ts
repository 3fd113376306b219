import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { createSlipPrinter } from '../../src/tickets/slip-pdf.ts'
import { type SlipPaper } from '../../src/tickets/slip-paper.ts'
import { createDesk, type Desk, fillDraft, OFFICER, OPERATOR } from '../support/desk.ts'

const OTHER = 'so-xay-dung'
const OF_OTHER: Person = { ...OFFICER, unitId: OTHER }

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

/** A case that its first unit lost to a second one: both slips, oldest first. */
function sentTwice() {
  const { code, version } = fillDraft(desk)
  const first = desk.tickets.sendSlip(code, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
  desk.tickets.sendSlip(code, { version: first.version, unitId: OTHER, note: '' }, OPERATOR)
  const [newer, older] = [...desk.tickets.view(code, OPERATOR).slips].sort((a, b) => b.version - a.version)
  if (older === undefined || newer === undefined) throw new Error('two slips were sent')
  return { code, older, newer }
}

describe('R048: a slip that holds no more', () => {
  it('says so to anybody with its link, and which one took its place; the one that holds says nothing', async () => {
    const { older, newer } = sentTwice()
    const app = await desk.serve()
    const pageOf = async ({ path }: { readonly path: string }) => (await app.inject(path)).body
    const words = `Không còn hiệu lực, xem phiếu số ${newer.number}.`
    expect(await pageOf(older)).toContain(words)
    expect(await pageOf(older)).not.toContain('<p class="due">')
    expect(await pageOf(newer)).not.toContain('Không còn hiệu lực')
    expect(await pageOf(newer)).toContain('<p class="due">')
    await app.close()
  })

  it('names none where the case is with no unit', () => {
    const { code, newer } = sentTwice()
    const { version } = desk.tickets.view(code, OPERATOR)
    desk.tickets.move(code, { version, action: 'bounce', reason: 'Không phải' }, OF_OTHER)
    expect(desk.tickets.slipByToken(newer.path.replace('/p/', ''), null)?.paper.lapse).toEqual({ by: null })
  })

  it('says so on paper too, across its head', async () => {
    const { code, older, newer } = sentTwice()
    const drawn: string[] = []
    const print = createSlipPrinter((document) => {
      drawn.push(JSON.stringify(document))
      return Promise.resolve(Buffer.from(''))
    })
    const papers: SlipPaper[] = [older, newer].map(({ version }) =>
      desk.tickets.slipPaper(code, version, OPERATOR),
    )
    for (const paper of papers) await print(paper)
    expect(drawn[0]).toContain(`KHÔNG CÒN HIỆU LỰC, XEM PHIẾU SỐ ${newer.number}.`)
    expect(drawn[1]).not.toContain('KHÔNG CÒN')
  })
})

describe('R055 (Đ9.5a): a slip to a unit beside the one that leads', () => {
  it('ends with its part, and takes no other unit’s place', () => {
    const { code, version } = fillDraft(desk)
    const led = desk.tickets.sendSlip(code, { version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    const reason = 'Cùng đào đường'
    const asked = (at: number) => ({ version: at, unitId: OTHER, reason })
    const shared = desk.tickets.addCoHandler(code, asked(led.version), OPERATOR)
    const lapses = () =>
      [1, 2, 3].slice(0, desk.tickets.view(code, OPERATOR).slips.length).map((which) => {
        return desk.tickets.slipPaper(code, which, OPERATOR).lapse
      })
    expect(lapses()).toEqual([undefined, undefined])
    const ended = desk.tickets.removeCoHandler(code, OTHER, { version: shared.version, reason }, OPERATOR)
    expect(lapses()).toEqual([undefined, { by: null }])
    desk.tickets.addCoHandler(code, asked(ended.version), OPERATOR)
    expect(lapses()).toEqual([undefined, { by: 'PC26-000003' }, undefined])
  })
})
