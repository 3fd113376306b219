import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
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
    </div>
  )
}
