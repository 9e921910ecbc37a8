"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactElement, ReactNode } from "react";
import { Icon } from "./icon";

/**
 * A sheet from the bottom on a phone, a dialog in the middle on a desktop: title, close, content, actions last. Focus is kept
 * inside and returns to where it was; Esc closes. Never open two. `isHeld` (a payment in flight) cannot be dismissed.
 * Give a `trigger` (a button element), or `isOpen` with `onOpenChange`.
 */
export function Dialog({
  title,
  lead,
  trigger,
  isOpen,
  onOpenChange,
  isHeld = false,
  actions,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  trigger?: ReactElement;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  isHeld?: boolean;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  const t = useTranslations("common");
  return (
    <BaseDialog.Root
      open={isOpen}
      disablePointerDismissal={isHeld}
      onOpenChange={(open) => {
        if (!isHeld || open) onOpenChange?.(open);
      }}
    >
      {trigger ? <BaseDialog.Trigger render={trigger} /> : null}
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-[280ms] ease-out data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Popup className="safe-bottom fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] overflow-y-auto rounded-t-[28px] bg-card px-5 pt-2.5 text-ink shadow-3 transition-[transform,opacity] duration-[280ms] ease-out outline-none data-ending-style:translate-y-full data-starting-style:translate-y-full md:inset-x-auto md:top-1/2 md:bottom-auto md:left-1/2 md:w-[520px] md:-translate-x-1/2 md:-translate-y-1/2 md:rounded-sheet md:p-7 md:data-ending-style:-translate-y-1/2 md:data-ending-style:opacity-0 md:data-starting-style:-translate-y-1/2 md:data-starting-style:opacity-0">
          <div aria-hidden="true" className="mx-auto mb-3.5 h-[5px] w-10 rounded-full bg-line md:hidden" />
          <div className="flex items-start gap-3">
            <BaseDialog.Title className="flex-1 pt-1.5">{title}</BaseDialog.Title>
            {isHeld ? null : (
              <BaseDialog.Close aria-label={t("close")} className="-mr-2 grid size-11 flex-none place-items-center rounded-[14px]">
                <Icon of={X} size="nav" />
              </BaseDialog.Close>
            )}
          </div>
          {lead ? <BaseDialog.Description className="mt-1.5 text-label font-normal text-muted">{lead}</BaseDialog.Description> : null}
          {children ? <div className="mt-4">{children}</div> : null}
          {actions ? <div className="mt-5 grid gap-2">{actions}</div> : null}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Closes the dialog around it: give it the button to draw. */
export function DialogClose({ children }: { children: ReactElement }) {
  return <BaseDialog.Close render={children} />;
}
