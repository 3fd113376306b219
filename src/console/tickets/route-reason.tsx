import type { RouteOverride } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { Chips, Field } from '../ui/field.tsx'

/** As ROUTE_REASONS of the contract, which the browser knows as types alone. */
export const ROUTE_CODES = [
  'ownFacility',
  'otherPlace',
  'directed',
  'agreed',
  'ruleWrong',
  'other',
] as const satisfies readonly RouteOverride['reason'][]

/** Why the case goes elsewhere than suggested (R023): one of a few, and words where none of them fits. */
export function RouteReason(props: {
  readonly suggestedName: string
  readonly value: Partial<RouteOverride>
  readonly onChange: (value: Partial<RouteOverride>) => void
}) {
  const { value, onChange } = props
  return (
    <div class="route-reason">
      <Chips
        legend={t('route.why', { unit: props.suggestedName })}
        value={value.reason ?? null}
        options={ROUTE_CODES.map((reason) => ({ value: reason, label: t(`route.${reason}`) }))}
        onChange={(reason) => {
          onChange({ ...value, reason })
        }}
      />
      <Field
        label={t('route.text')}
        value={value.text ?? ''}
        maxLength={500}
        required={value.reason === 'other'}
        onInput={(text) => {
          onChange({ ...value, text })
        }}
      />
    </div>
  )
}

/** What goes with the slip; null while something is still to be said. */
export function givenReason({ reason, text = '' }: Partial<RouteOverride>): RouteOverride | null {
  if (reason === undefined || (reason === 'other' && text.trim() === '')) return null
  return { reason, text: text.trim() }
}
