"use client";

import clsx from "clsx";
import { ArrowDown, ArrowUp, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useRef } from "react";
import { useErrorText } from "@/components/error-text";
import { Money } from "@/components/money";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import { SwitchButton } from "@/components/ui/switch-button";
import type { StoreItem } from "@/lib/items/rules";
import { moveItemAction, setAvailableAction } from "./actions";
import { EditItem } from "./item-dialog";

/** One item: what it costs, whether it can be sold now, and its place among its category. */
export function ItemRow({ storeId, item, place, count, categories }: { storeId: string; item: StoreItem; place: number; count: number; categories: readonly string[] }) {
  const t = useTranslations("items");
  const errorText = useErrorText();
  const [available, setAvailable] = useActionState(setAvailableAction, null);
  const [moved, move] = useActionState(moveItemAction, null);
  const pressed = useRef<HTMLButtonElement>(null);

  // A row that moves in the list loses the focus; whoever moves it by keyboard goes on from the same arrow.
  useEffect(() => {
    if (moved?.ok && document.activeElement === document.body) pressed.current?.focus();
  }, [moved, place]);

  const refused = [available, moved].find((state) => state?.ok === false);
  const ids = (
    <>
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="itemId" value={item.id} />
    </>
  );
  const arrow = (to: "up" | "down", isAtEnd: boolean) => (
    <IconButton
      type="submit"
      name="move"
      value={to}
      aria-label={t(to === "up" ? "moveUp" : "moveDown", { name: item.name })}
      aria-disabled={isAtEnd || undefined}
      className={clsx(isAtEnd && "text-muted opacity-50")}
      onClick={(event) => {
        if (isAtEnd) event.preventDefault();
        pressed.current = event.currentTarget;
      }}
    >
      <Icon of={to === "up" ? ArrowUp : ArrowDown} />
    </IconButton>
  );
  return (
    <li className="relative px-4 py-2 md:px-5 [&+&]:before:absolute [&+&]:before:inset-x-4 [&+&]:before:top-0 [&+&]:before:h-px [&+&]:before:bg-line">
      <div className="flex flex-wrap items-center gap-x-4">
        <div className="min-w-0 flex-1 basis-52">
          <p className={clsx("font-semibold break-words", !item.isAvailable && "text-muted")}>{item.name}</p>
          <p className="text-small text-muted">
            <Money currency="BRL" amount={item.priceBrlCentavos} />
          </p>
        </div>
        <div className="ml-auto flex flex-none items-center gap-1">
          <form action={setAvailable} className="mr-2 w-36">
            {ids}
            <input type="hidden" name="isAvailable" value={String(!item.isAvailable)} />
            <SwitchButton isOn={item.isAvailable} label={t("available")} aria-label={t("availableOf", { name: item.name })} />
          </form>
          <form action={move} className="flex">
            {ids}
            {arrow("up", place === 1)}
            {arrow("down", place === count)}
          </form>
          <EditItem
            storeId={storeId}
            item={item}
            categories={categories}
            trigger={
              <IconButton aria-label={t("editOf", { name: item.name })}>
                <Icon of={Pencil} />
              </IconButton>
            }
          />
        </div>
      </div>
      <p role="status" className="sr-only">
        {moved?.ok ? t("placeOf", { name: item.name, place: String(place), count: String(count) }) : null}
      </p>
      <FieldError error={refused?.ok === false ? errorText(refused.code, refused.details) : null} />
    </li>
  );
}
