import { cleanup, render, screen } from '@testing-library/preact'
import { afterEach, expect, it } from 'vitest'
import { RecordingLine } from '../../src/console/recordings/recording-line.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import type { RecordingView } from '../../src/recordings/contract.ts'
import { aRecording, openDesk } from './support.ts'

afterEach(cleanup)

async function show(recording: RecordingView): Promise<void> {
  const { desk } = await openDesk()
  render(
    <ConsoleContext.Provider value={desk}>
      <RecordingLine recording={recording} />
    </ConsoleContext.Provider>,
  )
}

const COPY = { madeAt: '2026-03-05T02:00:00.000Z', sizeBytes: 226_000, quality: 14.2, isAlone: false }

it('R060: a recording says that it has a copy for the archive, since when, and how like the original it is', async () => {
  await show(aRecording({ copy: COPY }))
  const line = screen.getByText(/Có bản lưu trữ Opus từ .*/)
  expect(line.textContent).toContain('226 kB, độ trung thực 14,2 dB')
})

it('R060: a recording says that the copy stands for an original that went', async () => {
  await show(aRecording({ copy: { ...COPY, isAlone: true, quality: null } }))
  expect(screen.getByText(/Bản lưu trữ Opus thay bản gốc/).textContent).toContain('độ trung thực –')
})

it('R060: a recording without a copy says nothing of one, and one of which none came out says so', async () => {
  await show(aRecording({ copy: null, flags: ['copyUnfit'] }))
  expect(screen.queryByText(/Opus/)).toBeNull()
  expect(screen.getByText('Bản lưu trữ không đủ giống bản gốc')).toBeTruthy()
})

it.each([
  ['rule', 'Đã xóa theo quy định'],
  ['early', 'Đã xóa trước hạn theo quyết định của hai người'],
  ['erasure', 'Đã xóa theo yêu cầu của người dân'],
] as const)('R068: a recording that went says why: %s', async (deletedFor, words) => {
  await show(aRecording({ state: 'deleted', playable: false, deletedFor }))
  expect(screen.getByText(words)).toBeTruthy()
})

it('R060: a recording whose call was changed after it was sealed says so', async () => {
  await show(aRecording({ isCallChanged: true }))
  expect(screen.getByText('Thông tin cuộc gọi khác với lúc niêm phong')).toBeTruthy()
})
