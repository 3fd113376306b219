import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact'
import { afterEach, expect, it } from 'vitest'
import { RecordingLine } from '../../src/console/recordings/recording-line.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { notices } from '../../src/console/state/notices.ts'
import type { RecordingView } from '../../src/recordings/contract.ts'
import { aRecording, openDesk } from './support.ts'

afterEach(() => {
  cleanup()
  notices.value = []
})

const ALTERED = aRecording({ state: 'damaged', playable: false, flags: ['altered'], mayRecheck: true })
const refused = () => Response.json({ code: 'RECORDING_NOT_ALTERED' }, { status: 409 })

async function show(recording: RecordingView, answer: () => unknown) {
  let asked = 0
  const { desk } = await openDesk({
    role: 'supervisor',
    routes: {
      'POST /api/recordings/1/recheck': () => {
        asked += 1
        return answer()
      },
    },
  })
  const line = (one: RecordingView) => (
    <ConsoleContext.Provider value={desk}>
      <RecordingLine recording={one} />
    </ConsoleContext.Provider>
  )
  const { rerender } = render(line(recording))
  return {
    asked: () => asked,
    becomes: (one: RecordingView) => {
      rerender(line(one))
    },
  }
}

const button = () => screen.queryByRole('button', { name: /^Kiểm lại ngay ghi âm lúc/ })
const press = () => {
  const found = button()
  if (found === null) throw new Error('no button')
  fireEvent.click(found)
}

it('R060: an altered recording is checked again at once; the page says so meanwhile, once however often it is pressed', async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const page = await show(ALTERED, () => new Response(readable))
  const status = screen.getByRole('status')
  expect([status.textContent, status.getAttribute('aria-live')]).toEqual(['', 'polite'])
  press()
  await waitFor(() => {
    expect(status.textContent).toBe('Đang đọc tệp và đối chiếu với niêm phong…')
  })
  expect(button()?.getAttribute('aria-busy')).toBe('true')
  press()
  const writer = writable.getWriter()
  await writer.write(new TextEncoder().encode(JSON.stringify({ found: 'another', recording: ALTERED })))
  await writer.close()
  await waitFor(() => {
    expect(status.textContent).toContain('Tệp vẫn khác bản đã niêm phong.')
  })
  expect(page.asked()).toBe(1)
  expect(button()?.getAttribute('aria-busy')).toBe('false')
})

it.each([
  ['away', 'Không tìm thấy tệp hoặc không đọc được. Đề nghị quản trị kiểm tra thư mục ghi âm.'],
  ['unvouched', 'Dữ liệu của ghi âm không khớp chuỗi niêm phong.'],
])('R060: says what to do where the file is %s', async (found, words) => {
  await show(ALTERED, () => ({ found, recording: ALTERED }))
  press()
  await waitFor(() => {
    expect(screen.getByRole('status').textContent).toContain(words)
  })
})

it('R060: a file that is back is said where the button was, also when the mark is gone', async () => {
  const back = aRecording({ flags: ['restored'] })
  const page = await show(ALTERED, () => ({ found: 'whole', recording: back }))
  press()
  const words = 'Tệp đã khớp với bản niêm phong; ghi âm nghe lại được.'
  await screen.findByText(words)
  expect(button()).toBeNull()
  await waitFor(() => {
    expect(document.activeElement?.textContent).toBe(words)
  })
  page.becomes(back)
  expect(screen.getByText(words)).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Nghe ghi âm' })).toBeTruthy()
})

it('a refused request says why, and can be asked again', async () => {
  await show(ALTERED, refused)
  press()
  await waitFor(() => {
    expect(notices.value[0]?.text).toContain('không còn dấu')
  })
  expect(screen.getByRole('status').textContent).toBe('')
  expect(button()).not.toBeNull()
})

it('R068: nobody is offered what they may not ask, and no recording without the mark has the button', async () => {
  await show(aRecording({ state: 'damaged', playable: false, flags: ['altered'] }), refused)
  expect(button()).toBeNull()
  expect(screen.queryByRole('status')).toBeNull()
})
