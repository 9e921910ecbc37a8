"use client";

import { Switch as BaseSwitch } from "@base-ui/react/switch";

/** An on/off control that acts at once. The label stands to its left; the whole row is pressable. */
export function Switch({
  label,
  name,
  isOn,
  isOnAtFirst,
  onChange,
}: {
  label: string;
  name?: string;
  isOn?: boolean;
  isOnAtFirst?: boolean;
  onChange?: (isOn: boolean) => void;
}) {
  return (
    <label className="flex min-h-11 items-center justify-between gap-4">
      <span className="font-semibold">{label}</span>
      <BaseSwitch.Root
        name={name}
        checked={isOn}
        defaultChecked={isOnAtFirst}
        onCheckedChange={(checked) => onChange?.(checked)}
        className="relative h-8 w-13 flex-none rounded-full bg-field transition-colors duration-200 data-checked:bg-brand"
      >
        <BaseSwitch.Thumb className="absolute top-[3px] left-[3px] size-6.5 rounded-full bg-on-brand transition-transform duration-200 ease-out data-checked:translate-x-5" />
      </BaseSwitch.Root>
    </label>
  );
}
