"use client";

import { CircleCheck } from "lucide-react";
import { Toaster as Sonner } from "sonner";
import { Icon } from "./icon";

/** Where toasts appear; stands once in the root layout. Call `toast.success("Código copiado")` of sonner, only for things that are done and never for money. */
export function Toaster({ label }: { label: string }) {
  return (
    <Sonner
      containerAriaLabel={label}
      duration={4000}
      position="bottom-center"
      mobileOffset={{ bottom: 96 }}
      icons={{ success: <Icon of={CircleCheck} /> }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: "flex w-full items-center gap-3 rounded-control bg-ink px-4.5 py-3.5 font-sans text-body font-[550] text-surface shadow-2",
          description: "text-small",
        },
      }}
    />
  );
}
