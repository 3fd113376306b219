import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHistogram, metricsText } from '../../src/operations/metrics-text.ts'
import { databaseState, smsState } from '../../src/operations/readiness-policy.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'

describe('the text that Prometheus reads', () => {
  it('has help, type and a line for each sample, with what labels may hold escaped', () => {
    const text = metricsText([
      { name: 'a_total', type: 'counter', help: 'Things', samples: [{ value: 3 }] },
      { name: 'b', type: 'gauge', help: 'By', samples: [{ labels: { x: 'a"b\\c\nd' }, value: 0.5 }] },
    ])
    expect(text).toBe(
      '# HELP a_total Things\n# TYPE a_total counter\na_total 3\n# HELP b By\n# TYPE b gauge\nb{x="a\\"b\\\\c\\nd"} 0.5\n',
    )
  })

  it('has buckets that add up, what is above the last one too', () => {
    const histogram = createHistogram([0.1, 1])
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value)
    const samples = histogram.samples({ k: 'v' })
    expect(samples.map(({ suffix, labels, value }) => [suffix, labels?.['le'], value])).toEqual([
      ['_bucket', '0.1', 2],
      ['_bucket', '1', 3],
      ['_bucket', '+Inf', 4],
      ['_sum', undefined, 7.65],
      ['_count', undefined, 4],
    ])
  })
})

describe('the words of /readyz', () => {
  it('say when SMS do not get away', () => {
    const now = new Date('2026-03-02T01:10:00Z')
    expect(smsState(null, now)).toBe('up')
    expect(smsState('2026-03-02T01:06:00Z', now)).toBe('up')
    expect(smsState('2026-03-02T01:04:00Z', now)).toBe('late')
  })

  it('say when the database does not answer', () => {
    expect(databaseState(() => undefined)).toBe('up')
    expect(
      databaseState(() => {
        throw new Error('SQLITE_IOERR')
      }),
    ).toBe('down')
  })
})

describe('/metrics', () => {
  const TOKEN = 'a-token-of-sixteen-or-more'
  let app: TestApp
  let admin: Client
  beforeAll(async () => {
    app = await startTestApp({ environment: { METRICS_TOKEN: TOKEN } })
    admin = await app.signIn('admin')
  }, START_MS)
  afterAll(() => app.close())

  const read = (authorization?: string) =>
    fetch(`${app.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } })

  it('is for whoever has the token, and for no session', async () => {
    expect((await read()).status).toBe(403)
    expect((await read('Bearer a-token-of-sixteen-or-morE')).status).toBe(403)
    expect((await admin.request('/metrics')).status).toBe(403)
    const reply = await read(`Bearer ${TOKEN}`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  })

  it('says what is so: links that are away, answers given, clocks and SMS, and nothing of any person', async () => {
    await admin.request('/api/session')
    const text = await (await read(`Bearer ${TOKEN}`)).text()
    const value = (name: string): number => {
      const line = text.split('\n').find((one) => one.startsWith(`${name} `))
      expect(line, name).toBeDefined()
      return Number(line?.split(' ')[1])
    }
    expect(value('hotline_link_up{link="ami"}')).toBe(0)
    expect(value('hotline_http_seconds_count{status="2xx"}')).toBeGreaterThan(0)
    expect(value('hotline_calls_total')).toBe(0)
    expect(value('hotline_outbox_waiting')).toBe(0)
    expect(value('hotline_disk_free_bytes{folder="data"}')).toBeGreaterThan(0)
    expect(value('hotline_pop_seconds_count')).toBe(0)
    // Figures may look like anything; labels are words of ours.
    for (const [, label = ''] of text.matchAll(/(?<!le)="([^"]*)"/g))
      expect(label).toMatch(/^[a-zA-Z0-9]{1,10}$/)
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
