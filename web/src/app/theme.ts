import { createTheme, type MantineColorsTuple } from "@mantine/core";

const river: MantineColorsTuple = [
  "#e8f5fb",
  "#d2e9f4",
  "#a6d3e8",
  "#78bddc",
  "#5fb9e2",
  "#3b9fcd",
  "#1b87b8",
  "#0b6e99",
  "#075a7e",
  "#054763",
];

const gray: MantineColorsTuple = [
  "#f6f7f9",
  "#f0f3f6",
  "#e3e7ec",
  "#cfd5dd",
  "#b4bcc7",
  "#929ca9",
  "#5a6472",
  "#46505c",
  "#2f3741",
  "#1a2028",
];

const dark: MantineColorsTuple = [
  "#e2e6ec",
  "#c0c7d1",
  "#a2abb8",
  "#717b89",
  "#39414d",
  "#252b34",
  "#191d24",
  "#12151a",
  "#0c0f13",
  "#07090c",
];

const MONOSPACE = '"JetBrains Mono", ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace';

export const theme = createTheme({
  colors: { river, gray, dark },
  primaryColor: "river",
  primaryShade: 7,
  fontFamily: '"Inter", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: MONOSPACE,
  defaultRadius: "md",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "19px" },
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "20px" }, h2: { fontSize: "15px" } } },
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "xs" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { "aria-label": "Close" } } },
  },
});
