"use client";

import { Printer } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";

/** Prints the page; what is not for paper hides itself. */
export function PrintButton({ label }: { label: string }) {
  return (
    <Button size="medium" icon={<Icon of={Printer} size="chip" />} onClick={() => window.print()}>
      {label}
    </Button>
  );
}
