import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Player } from '../../src/console/recordings/player.tsx'
import { stretchKind, stretchWords } from '../../src/console/recordings/track-words.ts'
import { now } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import type { RecordingNote, TrackStretch, WriteRecordingNote } from '../../src/recordings/contract.ts'
import { aRecording, openDesk, waveOf } from './support.ts'

const SILENT = Array.from({ length: 300 }, () => [
  [0, 0],
  [0, 0],
])
/** A second of talk, thirty of nothing, then talk again. */
const WAVE = waveOf(
  ...Array.from({ length: 10 }, () => [
    [-60, 60],
    [-5, 5],
  ]),
  ...SILENT,
  ...Array.from({ length: 290 }, () => [
    [-5, 5],
    [-60, 60],
  ]),
)
const TALK: TrackStretch = {
  fromMs: 20_000,
  toMs: 60_000,
  phase: 'line',
  groups: [{ members: ['operator', 'citizen'], sound: 'talk' }],
  operatorName: 'Nguyễn Thị Hạ',
  agencyName: null,
  cause: null,
}
const QUEUE: TrackStretch = { ...TALK, fromMs: 0, toMs: 20_000, phase: 'queue', groups: [] }

let played: string[]

beforeEach(() => {
  played = []
  // No sound comes out of the test's browser: what the element is told is written down.
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(function (this: HTMLMediaElement) {
    played.push('play')
    Object.defineProperty(this, 'paused', { value: false, configurable: true })
    fireEvent.play(this)
    return Promise.resolve()
  })
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(function (this: HTMLMediaElement) {
    played.push('pause')
    Object.defineProperty(this, 'paused', { value: true, configurable: true })
    fireEvent.pause(this)
  })
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  now.value = 0
})

async function showPlayer(
  options: {
    readonly waveform?: () => unknown
    readonly notes?: readonly RecordingNote[]
    readonly autoPlay?: boolean
  } = {},
) {
  const notes = [...(options.notes ?? [])]
  const marks = [
    { kind: 'masked', fromMs: 30_000, toMs: 42_000, name: 'Nguyễn Thị Hạ' },
    { kind: 'barge', fromMs: 50_000, toMs: 55_000, name: 'Trần Văn Đức' },
  ]
  const written: unknown[] = []
  const { desk } = await openDesk({
    role: 'supervisor',
    routes: {
      'GET /api/recordings/1/waveform': options.waveform ?? (() => WAVE),
      'GET /api/recordings/1/track': () => ({ stretches: [QUEUE, TALK], marks, notes }),
      'POST /api/recordings/1/notes': (body) => {
        written.push(body)
        const note = body as WriteRecordingNote
        notes.push({ id: 9, ...note, authorName: 'Trần Văn Đức', createdAt: '2026-03-02T01:10:00.000Z' })
        return Response.json(notes.at(-1), { status: 201 })
      },
    },
  })
  now.value = Date.parse('2026-03-02T01:10:00.000Z')
  const { container } = render(
    <ConsoleContext.Provider value={desk}>
      <Player recording={aRecording()} autoPlay={options.autoPlay ?? false} />
    </ConsoleContext.Provider>,
  )
  const audio = container.querySelector('audio')
  if (audio === null) throw new Error('a player has a sound')
  const slider = screen.getByRole('slider', { name: 'Vị trí' })
  return { audio, slider, container, written }
}

describe('the player', () => {
  it('plays when the click that opened it asked for the sound, and asks for no more than the beginning before', async () => {
    const { audio } = await showPlayer({ autoPlay: true })
    expect(played).toEqual(['play'])
    expect(audio.getAttribute('preload')).toBe('metadata')
    expect(audio.getAttribute('src')).toBe('/api/recordings/1/audio')
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Dừng')
  })

  it('R068: shows what was masked and who barged in, each to click on', async () => {
    const { audio } = await showPlayer()
    const masked = 'Khoảng lặng do Nguyễn Thị Hạ ngừng ghi âm, từ 0:30 đến 0:42'
    fireEvent.click(await screen.findByRole('button', { name: masked }))
    expect(audio.currentTime).toBe(30)
    expect(
      screen.getByRole('button', { name: 'Giám sát Trần Văn Đức cùng nói, từ 0:50 đến 0:55' }),
    ).toBeTruthy()
  })

  it('is worked by keys: play, steps, leaps, ends, speed', async () => {
    const { audio, slider } = await showPlayer()
    const at = (key: string): number => {
      fireEvent.keyDown(slider, { key })
      return audio.currentTime
    }
    expect(['l', 'ArrowRight', 'L', 'j', 'ArrowLeft', 'End', 'ArrowRight', 'Home', 'j'].map(at)).toEqual([
      10, 15, 25, 15, 10, 60, 60, 0, 0,
    ])
    for (const key of [' ', 'k', 'K']) fireEvent.keyDown(slider, { key })
    expect(played).toEqual(['play', 'pause', 'play'])
    const speeds = ['+', '+', '+', '+', '-', '-', '-', '-', '-'].map((key) => {
      fireEvent.keyDown(slider, { key })
      return screen.getByRole<HTMLSelectElement>('combobox', { name: 'Tốc độ phát' }).value
    })
    expect(speeds).toEqual(['1.25', '1.5', '2', '2', '1.5', '1.25', '1', '0.75', '0.75'])
    await vi.waitFor(() => {
      expect(audio.playbackRate).toBe(0.75)
    })
  })

  it('leaves keys to whoever writes a note, and chords to the browser', async () => {
    const { audio, slider } = await showPlayer()
    fireEvent.keyDown(screen.getByPlaceholderText('Ghi chú tại 0:00'), { key: 'l' })
    fireEvent.keyDown(slider, { key: 'l', ctrlKey: true })
    expect(audio.currentTime).toBe(0)
  })

  it('goes where the sound is clicked or dragged on', async () => {
    const { audio, slider } = await showPlayer()
    vi.spyOn(slider, 'getBoundingClientRect').mockReturnValue(new DOMRect(100, 0, 600, 100))
    slider.setPointerCapture = () => undefined
    fireEvent.pointerDown(slider, { clientX: 400, button: 0, buttons: 1 })
    expect(audio.currentTime).toBe(30)
    fireEvent.pointerMove(slider, { clientX: 250, buttons: 1 })
    expect(audio.currentTime).toBe(15)
    fireEvent.pointerMove(slider, { clientX: 600, buttons: 0 })
    expect(audio.currentTime).toBe(15)
    fireEvent.pointerMove(slider, { clientX: 9_999, buttons: 1 })
    expect([audio.currentTime, slider.getAttribute('aria-valuetext')]).toEqual([60, '1:00 trong 1:00'])
  })

  it('shows the citizen above the operator', async () => {
    const { container } = await showPlayer()
    await screen.findByText('Người dân')
    expect([...container.querySelectorAll('.lane-name')].map((one) => one.textContent)).toEqual([
      'Người dân',
      'Điện thoại viên',
    ])
  })

  it('jumps over silence only when it is told to', async () => {
    const { audio } = await showPlayer({ autoPlay: true })
    await screen.findByText('Điện thoại viên')
    audio.currentTime = 5
    fireEvent.timeUpdate(audio)
    expect(audio.currentTime).toBe(5)
    fireEvent.click(screen.getByRole('checkbox', { name: 'Bỏ qua khoảng lặng' }))
    fireEvent.timeUpdate(audio)
    expect(audio.currentTime).toBe(30.7)
    fireEvent.timeUpdate(audio)
    expect(audio.currentTime).toBe(30.7)
  })

  it('without a waveform plays and seeks all the same', async () => {
    const { audio } = await showPlayer({
      waveform: () => Response.json({ code: 'NO_WAVEFORM' }, { status: 409 }),
    })
    const bare = await screen.findByText('Không vẽ được sóng âm; bấm vào đây để tua.')
    fireEvent.keyDown(bare, { key: 'ArrowRight' })
    expect(audio.currentTime).toBe(5)
    expect(screen.getByRole<HTMLInputElement>('checkbox').disabled).toBe(true)
  })

  it('says so when the sound cannot be played', async () => {
    const { audio } = await showPlayer()
    fireEvent.error(audio)
    expect((await screen.findByRole('alert')).textContent).toContain('Không phát được')
  })
})

describe('the course of the call', () => {
  it('is above the sound, each stretch to click on', async () => {
    const { audio } = await showPlayer()
    const track = await screen.findByRole('list', { name: 'Diễn biến cuộc gọi' })
    expect(within(track).getByText('Chờ trong hàng')).toBeTruthy()
    fireEvent.click(
      within(track).getByRole('button', { name: 'Nguyễn Thị Hạ + Người dân, từ 0:20 đến 1:00' }),
    )
    expect(audio.currentTime).toBe(20)
  })

  it.each<[Partial<TrackStretch>, string, string]>([
    [{ phase: 'greeting', groups: [] }, 'greeting', 'Lời chào'],
    [{ phase: 'dialing', groups: [] }, 'ringing', 'Đang quay số'],
    [{ groups: [{ members: ['citizen'], sound: 'music' }] }, 'music', 'Giữ máy'],
    [
      { groups: [{ members: ['citizen'], sound: 'music' }], operatorName: null },
      'music',
      'Người dân nghe nhạc',
    ],
    [
      {
        operatorName: null,
        agencyName: 'Trực ban',
        groups: [
          { members: ['operator', 'agency'], sound: 'talk' },
          { members: ['citizen'], sound: 'music' },
        ],
      },
      'music',
      'Điện thoại viên + Trực ban; Người dân nghe nhạc',
    ],
    [{ groups: [{ members: ['operator', 'agency'], sound: 'talk' }] }, 'talk', 'Nguyễn Thị Hạ + Đơn vị'],
  ])('%j', (changes, kind, words) => {
    const stretch = { ...TALK, ...changes }
    expect([stretchKind(stretch), stretchWords(stretch)]).toEqual([kind, words])
  })
})

describe('notes', () => {
  const NOTE = {
    id: 1,
    atMs: 42_000,
    text: 'Đọc sai số nhà',
    authorName: 'Lê Thị Ước',
    createdAt: '2026-03-01T01:00:00.000Z',
  }

  it('are listed with author and time, and clicked to listen from there', async () => {
    const { audio } = await showPlayer({ notes: [NOTE] })
    const row = (await screen.findByText('Đọc sai số nhà')).textContent
    expect(row).toContain('Lê Thị Ước · 08:00, CN 01/03')
    fireEvent.click(screen.getByRole('button', { name: 'Nghe từ 0:42' }))
    expect(audio.currentTime).toBe(42)
  })

  it('are written at the moment that is heard', async () => {
    const { slider, written } = await showPlayer()
    fireEvent.keyDown(slider, { key: 'l' })
    const field = await screen.findByPlaceholderText('Ghi chú tại 0:10')
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Lưu ghi chú' })
    expect(save.disabled).toBe(true)
    fireEvent.input(field, { target: { value: ' Người dân đọc địa chỉ ' } })
    fireEvent.click(save)
    await screen.findByText('Người dân đọc địa chỉ')
    expect(written).toEqual([{ atMs: 10_000, text: 'Người dân đọc địa chỉ' }])
    expect((field as HTMLInputElement).value).toBe('')
  })
})
