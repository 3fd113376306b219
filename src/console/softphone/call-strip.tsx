import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { navigate, route } from '../state/route.ts'
import { Button } from '../ui/button.tsx'
import { phoneActions } from './phone-machine.ts'
import { useFace } from './panel.tsx'

/** On every page but the desk: the call that runs or rings, and the way back to it. */
export function CallStrip() {
  const desk = useConsole()
  const face = useFace()
  if (route.value.page === 'desk' || face === 'idle' || face === 'off' || face === 'connecting') return null
  const { pops, call } = desk.line.value
  const number = (face === 'ringing' ? pops[0]?.number.display : call?.number.display) ?? ''
  const phone = desk.phone.value
  return (
    <div class={`call-strip face-${face}`} role="status">
      <span class="state-shape" aria-hidden="true" />
      <span>{t(`face.${face}`)}</span>
      <span class="number">{number}</span>
      {phone !== null && phoneActions(phone.state.value).includes('answer') && (
        <Button
          small
          kind="good"
          icon="phone"
          onClick={() => {
            navigate('/')
            void phone.answer()
          }}
        >
          {t('phone.answer')}
        </Button>
      )}
      <Button
        small
        onClick={() => {
          navigate('/')
        }}
      >
        {t('callStrip.toDesk')}
      </Button>
    </div>
  )
}
