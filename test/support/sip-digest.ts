import { createHash, randomBytes } from 'node:crypto'
import { header } from './sip-message.ts'

/** What a PBX asks of whoever registers or calls. */
export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string
}

/** The challenge of a 401; undefined where there is none. */
export function challengeOf(text: string): Challenge | undefined {
  const line = header(text, 'WWW-Authenticate')
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(line)?.[1] ?? ''
  return line === '' ? undefined : { realm: field('realm'), nonce: field('nonce'), opaque: field('opaque') }
}

/** The Authorization line: digest with qop=auth (RFC 2617 §3.2.2). */
export function authorize(
  { realm, nonce, opaque }: Challenge,
  { username, password }: { readonly username: string; readonly password: string },
  method: string,
  uri: string,
): string {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
  const [nc, cnonce] = ['00000001', randomBytes(4).toString('hex')]
  const response = md5(
    [md5(`${username}:${realm}:${password}`), nonce, nc, cnonce, 'auth', md5(`${method}:${uri}`)].join(':'),
  )
  return `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", opaque="${opaque}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`
}
