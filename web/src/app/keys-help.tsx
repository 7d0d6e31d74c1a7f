import { Kbd, Modal, Table } from "@mantine/core";

import { usePresentKeys } from "@/components/keys";

/** Every key of the page that is open, from the parts of it that are there. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const keys = usePresentKeys();

  return (
    <Modal opened onClose={onClose} title="Keys" size="sm">
      <Table verticalSpacing="xs" withRowBorders={false}>
        <Table.Tbody>
          {keys.map(({ keys: names, meaning }) => (
            <Table.Tr key={meaning}>
              <Table.Td w={120}>
                {names.map((name) => (
                  <Kbd key={name} mr={4}>
                    {name}
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
