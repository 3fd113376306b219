import { expect, test } from 'vitest'
import { createLogSink } from '../../src/platform/log-sink.ts'

/** A file with room for so many bytes. */
function disk(room: number) {
  const state = { room, text: '' }
  const write = (bytes: Buffer): number => {
    if (state.room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const count = Math.min(state.room, bytes.length)
    state.room -= count
    state.text += bytes.toString('utf8', 0, count)
    return count
  }
  return { state, sink: createLogSink(write) }
}

test('lines go out as they come', () => {
  const { state, sink } = disk(1_000)
  sink.write('{"msg":"một"}\n')
  sink.write('{"msg":"hai"}\n')
  expect(state.text).toBe('{"msg":"một"}\n{"msg":"hai"}\n')
})

test('where there is no room nobody waits, and the first line that fits says how many are missing', () => {
  const { state, sink } = disk(14)
  for (const word of ['one', 'two', 'three', 'four']) sink.write(`{"msg":"${word}"}\n`)
  expect(state.text).toBe('{"msg":"one"}\n')
  state.room = 1_000
  sink.write('{"msg":"five"}\n')
  sink.write('{"msg":"six"}\n')
  const lines = state.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.map(({ msg, lost }) => [msg, lost])).toEqual([
    ['one', undefined],
    ['lines before this one could not be written', 3],
    ['five', undefined],
    ['six', undefined],
  ])
})

test('half a line is ended before the next begins', () => {
  const { state, sink } = disk(20)
  sink.write('{"msg":"one"}\n')
  sink.write('{"msg":"two"}\n')
  state.room = 1_000
  sink.write('{"msg":"three"}\n')
  expect(state.text.split('\n').map((line) => line.slice(0, 14))).toEqual([
    '{"msg":"one"}',
    '{"msg"',
    expect.stringMatching(/^\{"level":50,/) as string,
    '{"msg":"three"',
    '',
  ])
})

test('a write that takes a part goes on with the rest', () => {
  let text = ''
  const sink = createLogSink((bytes) => {
    text += bytes.toString('utf8', 0, 5)
    return Math.min(5, bytes.length)
  })
  sink.write('{"msg":"a long line"}\n')
  expect(text).toBe('{"msg":"a long line"}\n')
})
