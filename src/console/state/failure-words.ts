import { failureOf } from '../api.ts'
import { t, tOr } from '../i18n/translate.ts'
import { say } from './notices.ts'

/** The sentence for an error code of the server, or an honest general one. `subject`: what of several things it is about. */
export function errorText(code: string, subject = ''): string {
  const general = /^(AMI|ARI)_/.test(code) ? 'error.PBX_AWAY' : 'error.UNKNOWN'
  return tOr(`error.${code}`, general, { code, subject })
}

/** Says a failed request in words. */
export function sayFailure(cause: unknown): void {
  const { code, subject } = failureOf(cause)
  say('bad', errorText(code, subject))
}

/** Says that something was kept or done. */
export function sayDone(text: string): void {
  say('good', text === '' ? t('notice.done') : text)
}
