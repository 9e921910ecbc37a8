"use client";

import { ChevronDown } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { Icon } from "@/components/ui/icon";

/** What most people never need to see. It opens by itself for something urgent, and stays as the person leaves it. */
export function Details({ title, isUrgent, children }: { title: string; isUrgent: boolean; children: ReactNode }) {
  const [isOpen, setOpen] = useState(isUrgent);
  useEffect(() => {
    if (isUrgent) setOpen(true);
  }, [isUrgent]);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className="group mt-2">
      <summary className="flex min-h-11 list-none items-center gap-1.5 text-small font-semibold text-brand-ink [&::-webkit-details-marker]:hidden">
        {title}
        <Icon of={ChevronDown} size="chip" className="transition-transform group-open:rotate-180" />
      </summary>
      {children}
    </details>
  );
}
