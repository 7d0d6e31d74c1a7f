import { Kbd, Modal, Table } from "@mantine/core";

const KEYS: [keys: string[], meaning: string][] = [
  [["/"], "Go to the search or filter"],
  [["↑", "↓"], "Move from row to row"],
  [["Enter"], "Open the row"],
  [["Space"], "Select the run for comparison"],
  [["←", "→"], "Hide or show nested runs"],
  [["Esc"], "Close, or leave the filter"],
  [["?"], "Show these keys"],
];

export function KeysHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" size="sm">
      <Table verticalSpacing="xs" withRowBorders={false}>
        <Table.Tbody>
          {KEYS.map(([keys, meaning]) => (
            <Table.Tr key={meaning}>
              <Table.Td w={96}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
