import type { FastifyReply } from 'fastify'

export const SESSION_COOKIE = 'sid'

/** The session's cookie: not readable by scripts, never sent along from other sites. */
export const sessionCookie = {
  set(reply: FastifyReply, token: string, secure: boolean): void {
    void reply.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure })
  },
  clear(reply: FastifyReply, secure: boolean): void {
    void reply.clearCookie(SESSION_COOKIE, { path: '/', httpOnly: true, sameSite: 'strict', secure })
  },
}
