import { codeOf } from '../api.ts'
import { t, tOr } from '../i18n/translate.ts'
import { say } from './notices.ts'

/** The sentence for an error code of the server, or an honest general one. */
export function errorText(code: string): string {
  return tOr(`error.${code}`, /^(AMI|ARI)_/.test(code) ? 'error.PBX_AWAY' : 'error.UNKNOWN', { code })
}

/** Says a failed request in words. */
export function sayFailure(cause: unknown): void {
  say('bad', errorText(codeOf(cause)))
}

/** Says that something was kept or done. */
export function sayDone(text: string): void {
  say('good', text === '' ? t('notice.done') : text)
}
