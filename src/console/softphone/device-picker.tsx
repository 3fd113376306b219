import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { askForNotifications, notificationState } from '../state/announce.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { chosenDevices, chooseDevice, DEVICE_ROLES, type DeviceRole, soundDevices } from './devices.ts'

/** Which microphone, which speaker, and where it rings: a headset to talk, the desk speaker to ring. */
export function DevicePicker() {
  const desk = useConsole()
  const choose = (role: DeviceRole, id: string): void => {
    chooseDevice(localStorage, role, id)
    void desk.phone.value?.devicesChanged()
  }
  return (
    <div class="devices">
      {DEVICE_ROLES.map((role) => {
        const offered = role === 'microphone' ? soundDevices.value.inputs : soundDevices.value.outputs
        return (
          <Select
            key={role}
            label={t(`device.${role}`)}
            value={chosenDevices.value[role]}
            options={[
              { value: '', label: t('device.default') },
              ...offered.map((device, index) => ({
                value: device.id,
                label: device.label === '' ? t('device.unnamed', { number: index + 1 }) : device.label,
              })),
            ]}
            onChange={(id) => {
              choose(role, id)
            }}
          />
        )
      })}
      <NotificationLine />
    </div>
  )
}

/** Whether a call is announced while this page is hidden, and what to do when not. */
function NotificationLine() {
  const [state, setState] = useState(notificationState())
  return (
    <div class="field">
      <p class="note">
        <strong>{t('notify.title')}</strong>
      </p>
      {state === 'default' ? (
        <Button
          small
          onClick={() => {
            void askForNotifications().then(setState)
          }}
        >
          {t('notify.ask')}
        </Button>
      ) : (
        <p class="note">{t(`notify.${state}`)}</p>
      )}
    </div>
  )
}
