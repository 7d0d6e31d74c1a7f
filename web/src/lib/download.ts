/** Hands a file to the browser's downloads. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; an address that is let go of at once may cancel it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A name that every file system takes. */
export function fileName(title: string, ending: string): string {
  const plain = title.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return `${plain === "" ? "chart" : plain}.${ending}`;
}
