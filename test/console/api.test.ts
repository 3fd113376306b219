import { describe, expect, it } from 'vitest'
import { ApiError, codeOf, createApi } from '../../src/console/api.ts'
import { errorText } from '../../src/console/state/failure-words.ts'
import { aTicket, tableFetch } from './support.ts'

function open(routes: Parameters<typeof tableFetch>[0]) {
  const { fetch, asked } = tableFetch(routes)
  let signedOut = 0
  const api = createApi({
    fetch,
    csrfToken: () => 'token-of-the-session',
    onSignedOut: () => {
      signedOut += 1
    },
  })
  return { api, asked, signedOut: () => signedOut }
}

describe('requests', () => {
  it('carry the session’s token when they change something, and not when they only read', async () => {
    const { api, asked } = open({
      'GET /api/tickets/HP26-000001': () => aTicket(),
      'PATCH /api/tickets/HP26-000001': () => aTicket(),
    })
    await api.ticket('HP26-000001')
    await api.saveTicket('HP26-000001', { version: 1, form: {} })
    expect(asked.map(({ headers }) => headers.get('x-csrf-token'))).toEqual([null, 'token-of-the-session'])
  })

  it('leave out what was not asked for', async () => {
    const paths: string[] = []
    const { api } = open({
      'GET /api/tickets': (_body, path) => {
        paths.push(path)
        return { items: [], total: 0 }
      },
    })
    await api.tickets({ q: 'đường', offset: 0 })
    await api.tickets({})
    expect(paths).toEqual(['/api/tickets?q=%C4%91%C6%B0%E1%BB%9Dng&offset=0', '/api/tickets'])
  })

  it('fail with the code the service gave', async () => {
    const { api } = open({
      'PATCH /api/tickets/HP26-000001': () => Response.json({ code: 'TICKET_CHANGED' }, { status: 409 }),
    })
    const failure = await api
      .saveTicket('HP26-000001', { version: 1, form: {} })
      .catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({ status: 409, code: 'TICKET_CHANGED' })
  })

  it('fail as OFFLINE when nobody answers', async () => {
    const { api } = open({
      'GET /api/people': () => {
        throw new TypeError('fetch failed')
      },
    })
    await expect(api.people()).rejects.toMatchObject({ status: 0, code: 'OFFLINE' })
  })

  it('fail in words when a proxy answers in HTML or an answer is cut', async () => {
    const { api } = open({
      'GET /api/people': () => new Response('<html>', { status: 502 }),
      'GET /api/directory': () => new Response('{"units":[', { status: 200 }),
    })
    await expect(api.people()).rejects.toMatchObject({ status: 502, code: 'HTTP_502' })
    await expect(api.directory()).rejects.toMatchObject({ code: 'BAD_ANSWER' })
  })

  it('end the session here when it ended there, but not for a wrong password at the door', async () => {
    const refused = () => Response.json({ code: 'SIGN_IN_REQUIRED' }, { status: 401 })
    const { api, signedOut } = open({ 'GET /api/people': refused, 'POST /api/session': refused })
    await api.signIn({ username: 'ha', password: 'sai' }).catch(() => undefined)
    expect(signedOut()).toBe(0)
    await api.people().catch(() => undefined)
    expect(signedOut()).toBe(1)
  })

  it('take an answer without a body', async () => {
    const { api } = open({ 'POST /api/missed/call-1/done': () => new Response(null, { status: 204 }) })
    await expect(api.missedDone('call-1')).resolves.toBeUndefined()
  })
})

describe('failures in words', () => {
  it('say what is known, and the code where nothing is', () => {
    expect(errorText('OFFLINE')).toMatch(/^Không liên lạc được với máy chủ/)
    expect(errorText('AMI_LOST')).toMatch(/tổng đài điện thoại/)
    expect(errorText('SOMETHING_NEW')).toContain('SOMETHING_NEW')
    expect(codeOf(new Error('x'))).toBe('INTERNAL')
  })
})
